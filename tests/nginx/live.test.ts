import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { connectLive } from '../live/live-client.js';

describe('the live channel through a real nginx', () => {
  let gateway: TestGateway;
  let upstream: EchoServer;

  beforeAll(async () => {
    upstream = await startEchoServer();
    gateway = await startTestGateway();
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  it('tells of servers and of the gateway, and goes on through a reload', async () => {
    const token = readFileSync(path.join(gateway.dataDir, 'operator-token'), 'utf8').trim();
    const headers = { authorization: `Bearer ${token}` };
    const client = connectLive(gateway.url, { headers });
    await client.frame('snapshot');
    const { generation } = gateway.registry.gateway.status();
    await gateway.register({ name: 'One', path: '/one', url: `${upstream.url}/mcp` });
    await client.event(({ type, path: at }) => type === 'server' && at === '/one');
    await client.event(({ gateway: now }) => {
      const status = now as { state: string; generation: string } | undefined;
      return status?.state === 'applied' && status.generation !== generation;
    });
    const after = client.cursor();
    await client.close();
    const again = connectLive(gateway.url, { headers, after });
    expect(await again.frame('resumed')).toEqual({ type: 'resumed', cursor: after });
    await again.close();
  });

  it('takes a session from pages of our own, and of no other', async () => {
    const login = await fetch(`${gateway.url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: 'only for this test run' }),
    });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    const own = connectLive(gateway.url, { headers: { cookie, origin: gateway.url } });
    expect(await own.frame('snapshot')).toBeDefined();
    await own.close();
    const foreign = { cookie, origin: 'https://evil.example.com' };
    expect(await connectLive(gateway.url, { headers: foreign }).closed()).toBe(4403);
  });

  it('is nothing for a plain request', async () => {
    expect((await fetch(`${gateway.url}/ws`)).status).toBe(404);
  });
});
