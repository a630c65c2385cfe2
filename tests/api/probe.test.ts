import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createUpstreamCredentials } from '../../registry/upstream/credentials.js';
import { createUpstreamMonitor } from '../../registry/upstream/upstream-monitor.js';
import { createVault } from '../../registry/access/vault.js';
import {
  legacyHandler,
  startMockServer,
  type MockHandler,
  type MockServer,
} from '../upstream/mock-server.js';
import { createPrivateCa, type PrivateCa } from '../upstream/private-ca.js';
import { startNewServer } from '../upstream/sdk-servers.js';
import { createMemoryStore, createListLog, openGuard } from '../upstream/watched-server.js';
import { callAs, createTestRegistry, type TestRegistry } from './test-registry.js';

const SECRET = 'a-secret-of-the-upstream';
let ca: PrivateCa;
let registry: TestRegistry;
let call: Awaited<ReturnType<typeof callAs>>;
let saved: ReturnType<typeof createMemoryStore>;
const open: { close(): Promise<void> }[] = [];

async function start(handler: MockHandler, tls?: PrivateCa['signed']): Promise<MockServer> {
  const server = await startMockServer(handler, tls);
  open.push(server);
  return server;
}

const probe = async (input: object) => {
  const answer = await call('post', '/api/probe').send(input);
  return { status: answer.status, body: answer.body as Record<string, unknown> };
};

beforeAll(() => {
  ca = createPrivateCa();
});

beforeEach(async () => {
  registry = await createTestRegistry();
  call = await callAs(registry, 'write');
  saved = createMemoryStore();
  const { open: openSecret } = createVault('a key for tests that nobody else uses');
  const tokens = {
    get: () => Promise.reject(new Error('there is no token endpoint')),
    atHand: () => undefined,
    renew: () => Promise.resolve(false),
  };
  const monitor = createUpstreamMonitor({
    store: saved,
    guard: openGuard,
    credentials: createUpstreamCredentials({ open: openSecret, tokens }),
    config: {
      intervalMs: 60_000,
      timeoutMs: 2000,
      toolsRefreshMs: 60_000,
      publicUrl: 'https://gateway.example.com',
    },
    log: createListLog(),
  });
  registry.monitor.answerProbes((server, signal) => monitor.probe(server, signal));
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

describe('a probe', () => {
  it('shows a real server whole from its base address, and stores nothing', async () => {
    const server = await startNewServer();
    open.push(server);
    const before = registry.store.state();
    const { status, body } = await probe({ url: server.origin });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      health: { reachable: 'yes', usable: 'ok', checkedAt: expect.any(String) },
      era: 'modern',
      protocolVersion: '2026-07-28',
      transport: 'streamable-http',
      endpoint: `${server.origin}/`,
      serverInfo: { name: 'new', version: '2.0.0' },
      instructions: 'Be kind.',
      capabilities: ['tools'],
      tools: [{ name: 'add', title: 'Add', server: '', estimatedTokens: expect.any(Number) }],
      prompts: [],
      resources: [],
      warnings: [],
      durationMs: expect.any(Number),
    });
    expect(registry.store.state().catalog).toBe(before.catalog);
    expect(saved.saved.size).toBe(0);
  });

  it('finds what is wrong with TLS, and what is given up without it', async () => {
    const server = await start(legacyHandler(), ca.signed);
    const url = `${server.origin}/mcp`;
    const refused = await probe({ url });
    expect(refused.body).toMatchObject({
      health: { reachable: 'no', cause: 'tls', message: expect.stringContaining('tls.caPem') },
      tools: [],
    });
    const trusted = await probe({ url, tls: { caPem: ca.caPem } });
    expect(trusted.body).toMatchObject({ health: { usable: 'ok' }, warnings: [] });
    const blind = await probe({ url, tls: { verify: false } });
    expect(blind.body).toMatchObject({
      health: { usable: 'ok' },
      warnings: [expect.stringContaining('tls.verify')],
    });
  });

  it('finds that a credential is wanted, of which kind, and whether one is taken', async () => {
    const handler = legacyHandler();
    const server = await start((request, response, message) => {
      if (request.headers.authorization === `Bearer ${SECRET}`) {
        handler(request, response, message);
        return;
      }
      response.writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="http://x/"' }).end();
    });
    const url = `${server.origin}/mcp`;
    expect((await probe({ url })).body).toMatchObject({
      health: {
        usable: 'auth-required',
        cause: 'auth-required',
        message: expect.stringMatching(/401, and asks for Bearer.*auth/),
      },
    });
    const auth = { type: 'bearer', token: SECRET };
    const taken = await probe({ url, auth });
    expect(taken.body).toMatchObject({
      health: { usable: 'ok' },
      warnings: [expect.stringContaining('without TLS')],
    });
    expect(JSON.stringify(taken.body)).not.toContain(SECRET);
    const wrong = await probe({ url, auth: { type: 'bearer', token: 'another-secret' } });
    expect(wrong.body).toMatchObject({
      health: { usable: 'auth-required', message: expect.stringContaining('does not accept') },
    });
  });

  it('follows redirects on one origin, says so, and stops at others', async () => {
    const handler = legacyHandler({ path: '/real' });
    const server = await start((request, response, message) => {
      if (request.url === '/moved') response.writeHead(308, { location: '/real' }).end();
      else if (request.url === '/away') {
        response.writeHead(307, { location: 'http://other.example/mcp' }).end();
      } else handler(request, response, message);
    });
    const transport = 'streamable-http';
    const moved = await probe({ url: `${server.origin}/moved`, transport });
    expect(moved.body).toMatchObject({
      health: { usable: 'ok' },
      endpoint: `${server.origin}/real`,
      warnings: [expect.stringContaining(`redirects to ${server.origin}/real`)],
    });
    const away = await probe({ url: `${server.origin}/away`, transport });
    expect(away.body).toMatchObject({
      health: { cause: 'redirect', message: expect.stringContaining('http://other.example/mcp') },
    });
  });

  it.each(['http://169.254.169.254/latest/meta-data', 'http://metadata.google.internal/'])(
    'goes through the outbound policy: %s',
    async (url) => {
      expect((await probe({ url })).body).toMatchObject({
        health: { reachable: 'no', cause: 'refused-by-policy' },
      });
    },
  );

  it('uses the stored secret of a server that the caller may change, at its origin alone', async () => {
    const seen: (string | undefined)[] = [];
    const handler = legacyHandler();
    const server = await start((request, response, message) => {
      seen.push(request.headers.authorization);
      handler(request, response, message);
    });
    const auth = { type: 'bearer', token: SECRET };
    await call('post', '/api/servers').send({
      name: 'W',
      path: '/weather',
      url: server.origin,
      auth,
    });
    const kept = await probe({ url: `${server.origin}/mcp`, path: '/weather' });
    expect(kept.body).toMatchObject({ health: { usable: 'ok' }, tools: [{ server: '/weather' }] });
    expect(new Set(seen)).toEqual(new Set([`Bearer ${SECRET}`]));
    const other = await start(legacyHandler());
    const moved = await probe({ url: other.origin, path: '/weather', auth: { type: 'bearer' } });
    expect(moved).toMatchObject({ status: 422, body: { errors: [{ field: 'auth.token' }] } });
    expect(other.requests).toEqual([]);
    expect(await probe({ url: other.origin, auth: { type: 'bearer' } })).toMatchObject({
      status: 422,
    });
    expect(await probe({ url: other.origin, path: '/none' })).toMatchObject({ status: 404 });
  });

  it('refuses what no server could be registered with', async () => {
    for (const input of [{}, { url: 'ftp://x/' }, { url: 'http://x/', name: 'X' }]) {
      expect(await probe(input)).toMatchObject({
        status: 422,
        body: { code: 'validation-failed' },
      });
    }
    expect(registry.monitor.probed).toEqual([]);
  });

  it('is in the audit log with the origin, and nothing else of the address', async () => {
    const server = await start(legacyHandler());
    await probe({ url: `${server.origin}/mcp?key=${SECRET}` });
    const entry = registry.auditLog.entries.at(-1);
    expect(entry).toMatchObject({ action: 'server.probe', target: { id: server.origin } });
    expect(JSON.stringify(entry)).not.toContain(SECRET);
  });
});

describe('the history of health', () => {
  it('has the present and the past', async () => {
    const weather = { name: 'W', path: '/weather', url: 'http://weather/' };
    await call('post', '/api/servers').send(weather);
    const empty = await call('get', '/api/servers/weather/health');
    expect(empty.body).toEqual({
      current: { reachable: 'unknown', usable: 'unknown' },
      checks: [],
    });
    const health = { reachable: 'yes', usable: 'ok', checkedAt: '2026-01-02T03:04:05Z' } as const;
    registry.monitor.setHealth('/weather', health);
    const answer = await call('get', '/api/servers/weather/health');
    expect(answer.body).toEqual({ current: health, checks: [health] });
    expect((await call('get', '/api/servers/none/health')).status).toBe(404);
  });
});
