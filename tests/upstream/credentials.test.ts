import { afterEach, describe, expect, it } from '@jest/globals';
import { createVault } from '../../registry/access/vault.js';
import type { Server } from '../../registry/catalog/server.js';
import type { Auth } from '../../registry/catalog/server-auth.js';
import { checkServer } from '../../registry/upstream/check-server.js';
import {
  createUpstreamCredentials,
  type UpstreamCredentials,
} from '../../registry/upstream/credentials.js';
import { createOAuthTokens } from '../../registry/upstream/oauth-token.js';
import { createUpstreamMonitor } from '../../registry/upstream/upstream-monitor.js';
import { createRecordingLog } from '../fakes/recording-log.js';
import { basic, bearer, headers, oauth, vault } from '../fixtures/stored-auth.js';
import { startTokenEndpoint, type TokenEndpoint } from '../fixtures/token-endpoint.js';
import { legacyHandler, rpcError, sendJson, startMockServer, until } from './mock-server.js';
import type { MockHandler, MockServer } from './mock-server.js';
import { catalogOf, createMemoryStore, openGuard, serverAt } from './watched-server.js';

const CANARY = 'canary-7f3a';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(handler: MockHandler): Promise<MockServer> {
  const server = await startMockServer(handler);
  closers.push(() => server.close());
  return server;
}

async function startTokens(): Promise<TokenEndpoint> {
  const endpoint = await startTokenEndpoint();
  closers.push(() => endpoint.close());
  return endpoint;
}

function credentialsFor({
  open = vault.open,
  clock = Date.now,
  log = createRecordingLog(),
} = {}): UpstreamCredentials {
  const tokens = createOAuthTokens({ open, guard: openGuard, timeoutMs: 1000, log, clock });
  closers.push(() => {
    tokens.stop();
    return Promise.resolve();
  });
  return createUpstreamCredentials({ open, tokens });
}

function check(server: Server, credentials = credentialsFor()) {
  return checkServer(
    { guard: openGuard, timeoutMs: 1000, publicUrl: 'https://gateway.example.com', credentials },
    { server, wantsListing: ({ usable }) => usable === 'ok', signal: new AbortController().signal },
  );
}

/** Lets in who sends the header. */
function guarded(name: string, value: string, inner = legacyHandler()): MockHandler {
  return (request, response, message) => {
    if (request.headers[name] === value) inner(request, response, message);
    else response.writeHead(401).end();
  };
}

describe('a check of a server that wants a credential', () => {
  it.each<[string, Auth, string, string]>([
    ['bearer', bearer(CANARY), 'authorization', `Bearer ${CANARY}`],
    ['basic', basic('jané', 'p:w'), 'authorization', 'Basic amFuw6k6cDp3'],
    ['headers', headers({ 'X-Api-Key': CANARY }), 'x-api-key', CANARY],
  ])('sends it with every request of probe and listing: %s', async (_type, auth, name, value) => {
    const sessions = new Set<string>();
    const server = await start(guarded(name, value, legacyHandler({ sessions })));
    const result = await check(serverAt(`${server.origin}/mcp`, { auth }));
    expect(result.assessment).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(result.listed?.tools.map((tool) => tool.name)).toEqual(['echo']);
    expect(new Set(server.requests.map((request) => request.headers[name]))).toEqual(
      new Set([value]),
    );
    expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(true);
    expect(sessions.size).toBe(0);
  });

  it('sends nothing of its own where the clients’ header is passed through', async () => {
    const server = await start(legacyHandler());
    const auth: Auth = { type: 'pass-through', from: 'X-Key', to: 'Authorization' };
    await check(serverAt(`${server.origin}/mcp`, { auth }));
    expect(server.requests.every((request) => !('authorization' in request.headers))).toBe(true);
  });

  it('keeps it on redirects within the origin', async () => {
    const inner = legacyHandler({ path: '/mcp/' });
    const server = await start(
      guarded('authorization', `Bearer ${CANARY}`, (request, response, message) => {
        if (request.url === '/mcp/') inner(request, response, message);
        else response.writeHead(307, { location: '/mcp/' }).end();
      }),
    );
    const result = await check(serverAt(`${server.origin}/mcp`, { auth: bearer(CANARY) }));
    expect(result.listed?.tools).toHaveLength(1);
  });

  it.each([301, 302, 307, 308])('does not send it to another origin (%d)', async (status) => {
    const other = await start(legacyHandler());
    const server = await start((_request, response) => {
      response.writeHead(status, { location: `${other.origin}/mcp` }).end();
    });
    const result = await check(serverAt(server.origin, { auth: bearer(CANARY) }));
    expect(result.assessment.cause).toBe('redirect');
    expect(other.requests).toEqual([]);
  });

  it('does not send it where a stored discovery leads, if that is another origin', async () => {
    const other = await start(legacyHandler());
    const server = serverAt('http://127.0.0.1:1/mcp', { auth: bearer(CANARY) });
    const endpoint = { url: `${other.origin}/mcp`, transport: 'streamable-http' } as const;
    await checkServer(
      {
        guard: openGuard,
        timeoutMs: 1000,
        publicUrl: 'https://gateway.example.com',
        credentials: credentialsFor(),
      },
      {
        server,
        known: { endpoint, era: 'legacy' },
        wantsListing: () => true,
        signal: new AbortController().signal,
      },
    );
    expect(other.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(other.requests)).not.toContain(CANARY);
  });

  it('says that the stored one is refused', async () => {
    const server = await start(guarded('authorization', 'Bearer other'));
    const { assessment } = await check(serverAt(server.origin, { auth: bearer(CANARY) }));
    expect(assessment).toMatchObject({ usable: 'auth-required', cause: 'auth-required' });
    expect(assessment.message).toMatch(/does not accept the credential that is stored/);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Auth, string]>([
    ['bearer', bearer(CANARY), CANARY],
    ['basic', basic('jane', CANARY), CANARY],
    ['headers', headers({ 'X-Api-Key': CANARY }), CANARY],
  ])('does not repeat a secret that the server quotes: %s', async (_type, auth, secret) => {
    const quote = `no: ${CANARY}, ${Buffer.from(`jane:${CANARY}`).toString('base64')}`;
    const server = await start((_request, response, message) => {
      sendJson(response, 200, rpcError(message?.id, -32001, quote));
    });
    const { assessment } = await check(serverAt(server.origin, { auth }));
    expect(assessment.message).toMatch(/refused the MCP handshake: no: \[redacted\]/);
    expect(assessment.message).not.toContain(secret);
  });

  it('does not repeat the beginning of one that is cut off', async () => {
    const quote = `${'no '.repeat(163)}${CANARY.padEnd(40, 'x')}`;
    const server = await start((_request, response, message) => {
      sendJson(response, 200, rpcError(message?.id, -32001, quote));
    });
    const auth = bearer(CANARY.padEnd(40, 'x'));
    const { assessment } = await check(serverAt(server.origin, { auth }));
    expect(assessment.message).toContain('no no no ...');
    expect(assessment.message).not.toContain(CANARY.slice(0, 4));
  });

  it('sends nothing that cannot be read, and says what to do', async () => {
    const server = await start(guarded('authorization', `Bearer ${CANARY}`));
    const credentials = credentialsFor({ open: createVault('another key').open });
    const { assessment } = await check(
      serverAt(server.origin, { auth: bearer(CANARY) }),
      credentials,
    );
    expect(assessment).toMatchObject({
      reachable: 'yes',
      usable: 'error',
      cause: 'credential-unreadable',
      message: expect.stringMatching(/SECRET_KEY.*not sent/),
    });
    expect(server.requests.every((request) => !('authorization' in request.headers))).toBe(true);
  });

  it('says first that a server is down, whatever is wrong with its credential', async () => {
    const credentials = credentialsFor({ open: () => undefined });
    const server = serverAt('http://127.0.0.1:1/mcp', { auth: bearer(CANARY) });
    const { assessment } = await check(server, credentials);
    expect(assessment).toMatchObject({ reachable: 'no', cause: 'tcp' });
  });
});

describe('a check of a server that wants an OAuth token', () => {
  it('gets one and sends it', async () => {
    const endpoint = await startTokens();
    const server = await start(guarded('authorization', 'Bearer token-1'));
    const { assessment, listed } = await check(
      serverAt(`${server.origin}/mcp`, { auth: oauth(endpoint.url) }),
    );
    expect(assessment.usable).toBe('ok');
    expect(listed?.tools).toHaveLength(1);
    expect(endpoint.requests).toHaveLength(1);
  });

  it('gets another one when the first is refused, once a minute', async () => {
    const endpoint = await startTokens();
    let accepted = 'Bearer token-1';
    const inner = legacyHandler();
    const server = await start((request, response, message) =>
      guarded('authorization', accepted, inner)(request, response, message),
    );
    let now = Date.now();
    const credentials = credentialsFor({ clock: () => now });
    const target = serverAt(`${server.origin}/mcp`, { auth: oauth(endpoint.url) });
    const usable = async () => (await check(target, credentials)).assessment.usable;
    expect(await usable()).toBe('ok');
    accepted = 'Bearer token-2';
    expect(await usable()).toBe('auth-required');
    now += 60_000;
    expect(await usable()).toBe('ok');
    accepted = 'Bearer none';
    expect(await usable()).toBe('auth-required');
    expect(endpoint.requests).toHaveLength(2);
  });

  it('says that none could be had', async () => {
    const endpoint = await startTokens();
    endpoint.answer = () => ({ status: 401, body: { error: 'invalid_client' } });
    const server = await start(guarded('authorization', 'Bearer token-1'));
    const { assessment } = await check(serverAt(server.origin, { auth: oauth(endpoint.url) }));
    expect(assessment).toMatchObject({
      reachable: 'yes',
      usable: 'error',
      cause: 'auth-token-failed',
      message: expect.stringMatching(/invalid_client/),
    });
  });
});

describe('a credential that was changed', () => {
  it('is tried at once, and the tools are listed anew', async () => {
    const upstream = await start(guarded('authorization', 'Bearer right'));
    const log = createRecordingLog();
    const monitor = createUpstreamMonitor({
      store: createMemoryStore(),
      guard: openGuard,
      credentials: credentialsFor({ log }),
      config: {
        intervalMs: 60_000,
        timeoutMs: 1000,
        toolsRefreshMs: 600_000,
        publicUrl: 'http://127.0.0.1:8080',
      },
      log,
      random: () => 0,
    });
    closers.push(() => monitor.stop());
    const withToken = (token: string) =>
      serverAt(`${upstream.origin}/mcp`, { auth: bearer(token) });
    const { path } = withToken('wrong');
    await monitor.start(catalogOf(withToken('wrong')));
    await until(() => monitor.health(path).usable === 'auth-required');
    monitor.watch(catalogOf(withToken('right')));
    await until(() => monitor.discovery(path)?.toolsFetchedAt !== undefined);
    expect(monitor.health(path).usable).toBe('ok');
    const listings = () => upstream.requests.filter(({ rpc }) => rpc === 'tools/list').length;
    expect(listings()).toBe(1);
    monitor.watch(catalogOf(withToken('right'))); // Sealed anew: it may be another one.
    await until(() => listings() === 2);
    await until(() => monitor.discovery(path)?.stale === undefined);
    expect(JSON.stringify(log.entries)).not.toMatch(/right|wrong/);
  });
});
