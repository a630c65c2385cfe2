import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workersOf } from '../../registry/gateway/nginx/nginx-master.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { openRawStream, type RawStream } from '../fixtures/raw-http.js';
import { createRegistryProcess } from '../fixtures/registry-process.js';

interface Status {
  state: string;
  generation: string;
  reason?: string;
  reloads: number;
  drainingWorkers: number;
  outcomes: { at: string; state: string }[];
  exclusions: { path: string; reason: string }[];
}

let upstream: EchoServer;

beforeAll(async () => {
  upstream = await startEchoServer();
});

afterAll(async () => {
  await upstream.close();
});

const serverInput = (name: string, rest: object = {}) => ({
  name,
  path: `/${name}`,
  url: `${upstream.url}/mcp`,
  transport: 'streamable-http',
  enabled: true,
  access: 'public',
  ...rest,
});

async function call(url: string): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  return answer.status;
}

const statusOf = async (gateway: TestGateway): Promise<Status> =>
  (await (await gateway.api('/api/gateway')).json()) as Status;

describe('a cold start with bad servers among good ones', () => {
  it('serves the good ones and gives the reason of each bad one', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'cold-'));
    const first = await startTestGateway({ dataDir });
    const nowhere = await first.api('/api/servers', {
      method: 'POST',
      body: JSON.stringify(serverInput('nowhere', { url: 'http://no-such-host.invalid:9400/mcp' })),
    });
    // It is looked up before the answer: whoever registers it learns of it.
    expect(await nowhere.json()).toMatchObject({ exclusion: { reason: 'upstream-unresolved' } });
    for (let n = 1; n <= 20; n += 1) {
      await first.api('/api/servers', {
        method: 'POST',
        body: JSON.stringify(serverInput(`good${n}`)),
      });
    }
    await first.close();
    const file = path.join(dataDir, 'registry.json');
    const state = JSON.parse(readFileSync(file, 'utf8')) as { servers: { path: string }[] };
    const poison = '/a/ { return 200; } location /api/ { alias /etc/; } location /z';
    state.servers.push({ ...(state.servers[0] as object), path: poison });
    writeFileSync(file, JSON.stringify(state));

    const begin = Date.now();
    const gateway = await startTestGateway({ dataDir });
    try {
      for (let n = 1; n <= 20; n += 1) expect(await call(`${gateway.url}/good${n}/mcp`)).toBe(200);
      expect(Date.now() - begin).toBeLessThan(5000);
      const { exclusions } = await eventually(
        () => statusOf(gateway),
        (status) => status.exclusions.length === 2,
      );
      expect(exclusions.map(({ path, reason }) => [path, reason])).toEqual([
        [poison, 'invalid-record'],
        ['/nowhere', 'upstream-unresolved'],
      ]);
      const listed = (await (await gateway.api('/api/servers?status=issues')).json()) as {
        servers: { path: string; exclusion?: { reason: string } }[];
      };
      for (const bad of [poison, '/nowhere']) {
        expect(
          listed.servers.find((server) => server.path === bad)?.exclusion?.reason,
        ).toBeDefined();
      }
      expect(await call(`${gateway.url}/nowhere/mcp`)).toBe(502);
      execFileSync('nginx', [
        '-t',
        '-q',
        '-e',
        'stderr',
        '-p',
        path.join(dataDir, 'nginx'),
        '-c',
        path.join(dataDir, 'nginx/current/nginx.conf'),
      ]);
    } finally {
      await gateway.close();
      rmSync(dataDir, { recursive: true });
    }
  });
});

describe('a change that comes before nginx is brought up', () => {
  it('is applied with the first configuration, and nothing is rejected meanwhile', async () => {
    const gateway = await startTestGateway({
      beforeStart: (registry) => registry.gateway.changed('soon'),
    });
    try {
      const { state, outcomes, reloads } = await statusOf(gateway);
      expect({ state, reloads }).toEqual({ state: 'applied', reloads: 0 });
      expect(outcomes.map((outcome) => outcome.state)).toEqual(['applied']);
    } finally {
      await gateway.close();
    }
  });
});

describe('a server that nginx refuses', () => {
  // Well-formed on the outside: only nginx can tell that there is no certificate in it.
  const caPem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

  it('is excluded with the words of nginx, and the others are served', async () => {
    const gateway = await startTestGateway();
    try {
      await gateway.register(serverInput('fine'));
      await gateway.api('/api/servers', {
        method: 'POST',
        body: JSON.stringify(
          serverInput('broken', { url: 'https://127.0.0.1:9/mcp', tls: { verify: true, caPem } }),
        ),
      });
      expect(await gateway.registry.gateway.outcome(20_000)).toMatchObject({ state: 'applied' });
      expect(await (await gateway.api('/api/servers/broken')).json()).toMatchObject({
        exclusion: { reason: 'refused-by-nginx' },
      });
      expect(await call(`${gateway.url}/fine/mcp`)).toBe(200);
      expect(await call(`${gateway.url}/broken/mcp`)).toBe(503);
      await gateway.api('/api/servers/broken', {
        method: 'PATCH',
        body: JSON.stringify({ tls: { verify: false } }),
      });
      await gateway.registry.gateway.outcome(20_000);
      const mended = await gateway.api('/api/servers/broken');
      const view = (await mended.json()) as { exclusion?: unknown };
      expect(view.exclusion).toBeUndefined();
      expect(await call(`${gateway.url}/broken/mcp`)).toBe(502);
    } finally {
      await gateway.close();
    }
  });
});

describe('a reload that cannot take effect', () => {
  it('is reported with its reason while the old generation serves, and the next change recovers', async () => {
    const registry = await createRegistryProcess();
    const taken = createServer((_request, response) => response.end('not nginx'));
    const port = await freePort();
    try {
      await registry.start();
      await registry.api('/api/servers', 'POST', serverInput('old'));
      expect(await call(`${registry.url}/old/mcp`)).toBe(200);
      await registry.kill('SIGKILL');

      taken.listen(port, '127.0.0.1');
      await once(taken, 'listening');
      await registry.start({ GATEWAY_PORT: String(port) });
      const status = (await (await registry.api('/api/gateway')).json()) as Status;
      const { startedAt } = (await (await registry.api('/api/settings')).json()) as {
        startedAt: string;
      };
      const rejected = status.outcomes.find(({ state }) => state === 'rejected');
      // Three, where nothing else is done: nginx tries to have the port for two and a half.
      expect(Date.parse(rejected?.at ?? '') - Date.parse(startedAt)).toBeLessThan(8000);
      expect(status).toMatchObject({ state: 'rejected' });
      expect(status.reason).toContain('Address already in use');
      expect(await call(`${registry.url}/old/mcp`)).toBe(200);

      taken.close();
      taken.closeAllConnections();
      await once(taken, 'close');
      await registry.api('/api/servers', 'POST', serverInput('new'));
      await eventually(
        () => call(`http://127.0.0.1:${port}/new/mcp`).catch(() => 0),
        (answer) => answer === 200,
      );
    } finally {
      taken.close();
      await registry.close();
    }
  });
});

describe('a connection that was opened before a change and is first used after it', () => {
  it('is answered as the newest configuration says, although an old worker holds it', async () => {
    const gateway = await startTestGateway();
    const sockets: Socket[] = [];
    const open = async (): Promise<Socket> => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    const ask = async (socket: Socket): Promise<string> => {
      socket.write('POST /held/mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}');
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      return chunk.toString().split('\r\n')[0] ?? '';
    };
    try {
      const early = await open();
      await gateway.register(serverInput('held'));
      const late = await open();
      await gateway.api('/api/servers/held/disable', { method: 'POST' });
      expect(await ask(early)).toContain(' 503 ');
      expect(await ask(late)).toContain(' 503 ');
    } finally {
      for (const socket of sockets) socket.destroy();
      await gateway.close();
    }
  });
});

describe('many changes', () => {
  it('share reloads, and a description causes none', async () => {
    const gateway = await startTestGateway();
    try {
      const before = (await statusOf(gateway)).reloads;
      const start = Date.now();
      const left = Array.from({ length: 100 }, (_, index) => `many${index + 1}`);
      const states: string[] = [];
      const register = async () => {
        for (let name = left.shift(); name !== undefined; name = left.shift()) {
          const created = await gateway.api('/api/servers', {
            method: 'POST',
            body: JSON.stringify(serverInput(name)),
          });
          states.push(((await created.json()) as { gateway: { state: string } }).gateway.state);
        }
      };
      await Promise.all(Array.from({ length: 5 }, register));
      const { state } = await gateway.registry.gateway.outcome(20_000);
      // What is discovered later may be the last change, and concerns nginx no more.
      expect(['applied', 'unchanged']).toContain(state);
      expect(states[0]).toBe('applied');
      const seconds = (Date.now() - start) / 1000;
      const after = await statusOf(gateway);
      expect(after.state).toBe('applied');
      // Six in ten seconds, and one each second that a slow machine takes longer.
      expect(after.reloads - before).toBeLessThanOrEqual(6 + Math.max(0, seconds - 10));
      expect(await call(`${gateway.url}/many100/mcp`)).toBe(200);

      const described = await gateway.api('/api/servers/many1', {
        method: 'PATCH',
        body: JSON.stringify({ description: 'another', tags: ['x'] }),
      });
      expect(await described.json()).toMatchObject({ gateway: { state: 'unchanged' } });
      expect((await statusOf(gateway)).reloads).toBe(after.reloads);
    } finally {
      await gateway.close();
    }
  });

  it('leave a bounded number of old workers, however many streams are open', async () => {
    const gateway = await startTestGateway();
    const streams: RawStream[] = [];
    try {
      await gateway.register(serverInput('silent', { url: `${upstream.url}/silent/mcp` }));
      const master = Number(
        readFileSync(path.join(gateway.dataDir, 'nginx/run/nginx.pid'), 'utf8'),
      );
      for (let n = 0; n < 50; n += 1) {
        const old = new Set(workersOf(master).active);
        const stream = await openRawStream(`${gateway.url}/silent/mcp`);
        await stream.until('once');
        streams.push(stream);
        process.kill(master, 'SIGHUP');
        await eventually(
          () => workersOf(master).active,
          (active) => active.length > 0 && !active.some((pid) => old.has(pid)),
        );
      }
      const { drainingWorkers } = await eventually(
        () => statusOf(gateway),
        (status) => status.drainingWorkers <= 16,
      );
      expect(drainingWorkers).toBeGreaterThan(8);
    } finally {
      for (const stream of streams) stream.close();
      await gateway.close();
    }
  });
});
