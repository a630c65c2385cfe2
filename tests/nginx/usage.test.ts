import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countedCalls, sumOf, tallyCall, type Tally } from '../fixtures/call-tally.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { openRawStream } from '../fixtures/raw-http.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';

/** More of everything, for a run by hand: USAGE_RUN=big npm test -- tests/nginx/usage */
const RUN =
  process.env.USAGE_RUN === 'big'
    ? { calls: 20_000, registryKills: 3, nginxKills: 2, rotations: 10, withinMs: 600_000 }
    : { calls: 1500, registryKills: 1, nginxKills: 1, rotations: 1, withinMs: 90_000 };
const CALLERS = 4;

interface Usage {
  readonly totals: { readonly calls: number; readonly errors: number; readonly callers: number };
  readonly groups: readonly { readonly key: string; readonly calls: number }[];
}

let registry: RegistryProcess;
let upstream: EchoServer;

beforeAll(async () => {
  upstream = await startEchoServer();
  // A log of a hundred kilobytes is full.
  registry = await createRegistryProcess({ CALL_LOG_MAX_BYTES: String(1024 ** 2) });
  await registry.start();
  for (const [name, more] of [
    ['open', { access: 'public', enabled: true }],
    ['closed', { access: 'authenticated', enabled: true }],
    ['off', { access: 'public', enabled: false }],
  ] as const) {
    const server = { name, path: `/${name}`, url: `${upstream.url}/mcp`, ...more };
    await registry.api('/api/servers', 'POST', { ...server, transport: 'streamable-http' });
  }
  // What nginx does not know yet is no server's call, and answered with 404.
  for (const [server, expected] of [
    ['/open', 200],
    ['/closed', 401],
    ['/off', 503],
  ] as const) {
    await eventually(
      () => send(server, 'warm-up'),
      (status) => status === expected,
    );
  }
});

afterAll(async () => {
  await registry.close();
  await upstream.close();
});

/** The status; 0 when there was no answer. */
async function send(server: string, tool: string): Promise<number> {
  const answer = await fetch(`${registry.url}${server}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': tool,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } }),
  }).catch(() => undefined);
  await answer?.text().catch(() => undefined);
  return answer?.status ?? 0;
}

async function keepCalling(calls: number, tally: Tally, onCall: (sent: number) => void) {
  let sent = 0;
  const caller = async () => {
    while (sent < calls) {
      sent += 1;
      const server = ['/open', '/open', '/closed', '/off'][sent % 4] ?? '/open';
      const tool = `tool-${sent % 5}`;
      onCall(sent);
      const status = await send(server, tool);
      if (status !== 0) tallyCall(tally, server, tool, status);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

/** What was counted, likewise. */
const counted = () => countedCalls(registry, ({ tool }) => tool !== 'warm-up');

describe('calls', () => {
  const told: Tally = {};

  it(
    'are each counted once, whoever is killed and however often the log is rotated',
    async () => {
      const rotated = new Set<string>();
      const logs = path.join(registry.dataDir, 'nginx/logs');
      const look = () => {
        const names = readdirSync(logs).filter((name) => name.startsWith('access-'));
        names.forEach((name) => rotated.add(name));
      };
      const kills = RUN.registryKills + RUN.nginxKills;
      const step = Math.floor(RUN.calls / (kills + 1));
      const killed: Promise<void>[] = [];
      let turn = Promise.resolve();
      await keepCalling(RUN.calls, told, (sent) => {
        if (sent % 50 === 0) look();
        const nth = sent / step;
        if (!Number.isInteger(nth) || nth > kills) return;
        turn = turn.then(async () => {
          if (nth <= RUN.registryKills) {
            await registry.kill('SIGKILL');
            await registry.start();
          } else {
            process.kill(registry.nginxPid(), 'SIGKILL');
          }
        });
        killed.push(turn);
      });
      await Promise.all(killed);
      const found = await eventually(counted, (tally) => sumOf(tally) >= sumOf(told), 20_000);
      look();
      expect(found).toEqual(told);
      expect(killed).toHaveLength(kills);
      expect(rotated.size).toBeGreaterThanOrEqual(RUN.rotations);
      if (process.env.USAGE_RUN === 'big') {
        process.stdout.write(
          `told ${sumOf(told)}, counted ${sumOf(found)}, rotations ${rotated.size}, kills ${kills}\n`,
        );
      }
    },
    RUN.withinMs,
  );

  it('are still all there, and none of them twice, after an orderly restart', async () => {
    await registry.kill('SIGTERM');
    await registry.start();
    expect(await counted()).toEqual(told);
    const answer = await registry.api('/api/usage?by=outcome');
    const { totals, groups } = (await answer.json()) as Usage;
    expect(totals.calls).toBeGreaterThanOrEqual(sumOf(told));
    const outcomes = groups.map(({ key }) => key);
    expect(outcomes).toEqual(expect.arrayContaining(['ok', 'unauthenticated', 'unavailable']));
  });

  it('keep no more of the log than there is room for', () => {
    const logs = readdirSync(path.join(registry.dataDir, 'nginx/logs'));
    expect(logs.filter((name) => name.startsWith('access-')).length).toBeLessThanOrEqual(8);
  });

  it('can be looked up by their request id, and show no query', async () => {
    await eventually(
      () => send('/open', 'warm-up'),
      (status) => status === 200,
    );
    const answer = await fetch(`${registry.url}/open/mcp?secret=canary`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    });
    await answer.text();
    const id = answer.headers.get('x-request-id') ?? '';
    const found = await eventually(
      () => registry.api(`/api/usage/requests/${id}`),
      ({ status }) => status === 200,
    );
    const text = await found.text();
    expect(JSON.parse(text)).toMatchObject({
      requestId: id,
      server: '/open',
      era: 'legacy',
      status: 200,
      outcome: 'ok',
      upstream: new URL(upstream.url).host,
    });
    expect(text).not.toContain('canary');
    const unknown = await registry.api('/api/usage/requests/00000000-1.000-1-1');
    expect(unknown.status).toBe(404);
  });

  it('of earlier revisions are named by their tool, also where the gate reads the body', async () => {
    await registry.api('/api/servers', 'POST', {
      name: 'limited',
      path: '/limited',
      url: `${upstream.url}/mcp`,
      transport: 'streamable-http',
      access: 'public',
      enabled: true,
      limits: { tools: [{ name: 'rare', callsPerMinute: 5 }] },
    });
    const call = async (tool: string) => {
      const answer = await fetch(`${registry.url}/limited/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: tool, arguments: { text: 'canary' } },
        }),
      });
      return answer.status;
    };
    await eventually(
      () => call('schnörkel'),
      (status) => status === 200,
    );
    const ask = async () => {
      const answer = await registry.api('/api/usage?server=/limited&by=tool&interval=minute');
      return (await answer.json()) as Usage;
    };
    const { groups } = await eventually(ask, (usage) =>
      usage.groups.some(({ key }) => key === 'schnörkel'),
    );
    expect(JSON.stringify(groups)).not.toContain('canary');
  });

  it('are counted when they end, also a stream of an old worker whose log was renamed meanwhile', async () => {
    const server = { name: 'silent', path: '/silent', url: `${upstream.url}/silent/mcp` };
    const more = { transport: 'streamable-http', access: 'public', enabled: true };
    await registry.api('/api/servers', 'POST', { ...server, ...more });
    const stream = await eventually(
      () =>
        openRawStream(`${registry.url}/silent/mcp`, { headers: { accept: 'text/event-stream' } }),
      ({ status }) => status === 200,
    );
    await stream.until('once');
    const change = await registry.api('/api/servers/silent', 'PATCH', { timeoutSeconds: 77 });
    expect(change.ok).toBe(true);
    expect(await registry.settled()).toBe('applied');
    const logs = path.join(registry.dataDir, 'nginx/logs');
    const newest = () =>
      readdirSync(logs)
        .filter((name) => name.startsWith('access-'))
        .sort()
        .at(-1);
    const before = newest();
    await eventually(
      () => Promise.all(Array.from({ length: 20 }, () => send('/off', 'filler'))),
      () => newest() !== before,
    );
    stream.close();
    const ask = async () => {
      const answer = await registry.api('/api/usage?server=/silent&by=status');
      return ((await answer.json()) as Usage).groups;
    };
    const groups = await eventually(ask, (found) => found.some(({ key }) => key === '200'));
    expect(groups.find(({ key }) => key === '200')?.calls).toBe(1);
  });

  it('are told to Prometheus', async () => {
    const read = async () => (await registry.api('/metrics')).text();
    const calls = /^mcp_gateway_calls_total\{server="\/open",status="2xx",era="modern"\} \d+$/m;
    const text = await eventually(read, (figures) => calls.test(figures));
    expect(text).toMatch(/^mcp_gateway_nginx_up 1$/m);
    expect((await fetch(`${registry.registryUrl}/metrics`)).status).toBe(401);
  });
});
