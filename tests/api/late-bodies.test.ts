import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestRegistry, logIn, WEATHER, type TestRegistry } from './test-registry.js';

let server: http.Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Sends a registration whose body follows when `meanwhile` is done. @returns the status of the answer */
async function registerSlowly(
  { app }: TestRegistry,
  headers: Readonly<Record<string, string>>,
  meanwhile: () => Promise<unknown>,
): Promise<number | undefined> {
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const body = JSON.stringify(WEATHER);
  const request = http.request({
    ...{ host: '127.0.0.1', port, method: 'POST', path: '/api/servers' },
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': body.length,
      // The answer to it says that the headers have been read.
      expect: '100-continue',
    },
  });
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  request.flushHeaders();
  await once(request, 'continue');
  await meanwhile();
  request.end(body);
  const [answer] = await answered;
  answer.resume();
  return answer.statusCode;
}

describe('a request whose body comes late', () => {
  it('is refused when the token was revoked meanwhile', async () => {
    const registry = await createTestRegistry();
    const headers = { authorization: `Bearer ${await registry.token('write')}` };
    const revoke = () => registry.store.commit(() => ({ tokens: [] }));
    expect(await registerSlowly(registry, headers, revoke)).toBe(401);
    expect(registry.store.state().catalog.servers.size).toBe(0);
  });

  it('is refused when the account lost the role meanwhile', async () => {
    const registry = await createTestRegistry();
    const { answer, csrfToken } = await logIn(registry);
    const [cookie = ''] = answer.headers['set-cookie'] as unknown as string[];
    const headers = { cookie: cookie.split(';')[0] ?? '', 'x-csrf-token': csrfToken };
    const demote = () =>
      registry.store.commit(({ accounts }) => ({
        accounts: accounts.map((account) => ({ ...account, roles: ['viewer'] as const })),
      }));
    expect(await registerSlowly(registry, headers, demote)).toBe(403);
    expect(registry.store.state().catalog.servers.size).toBe(0);
  });

  it('is taken from somebody who is who they were', async () => {
    const registry = await createTestRegistry();
    const headers = { authorization: `Bearer ${await registry.token('write')}` };
    expect(await registerSlowly(registry, headers, () => Promise.resolve())).toBe(201);
  });
});
