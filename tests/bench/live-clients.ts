import { once, setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';
import { residentMegabytes } from './processor-time.js';

const CLIENTS = 1000;
const SERVERS = 100;
/** As many as one token may have connections. */
const EACH = 100;
/** What somebody may be late with before the bench gives up. */
const DEADLINE_MS = 30_000;
const AT_ONCE = 50;

/** How a change reaches many who watch. All times in milliseconds. */
export interface LiveResult {
  /** Sets of servers that are worked out apart. */
  readonly views: number;
  readonly clients: number;
  readonly changes: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly connectMs: number;
  /** Of the registry's process, by what it grew while the clients came. */
  readonly kilobytesEach: number;
}

/** First everybody sees the same; then each of a hundred tokens has a group of its own and is worked out apart. */
export async function measureLive(changes: number): Promise<readonly LiveResult[]> {
  const registry = await createRegistryProcess({
    HEALTH_CHECK_INTERVAL_SECONDS: '86400',
    TOOLS_REFRESH_SECONDS: '86400',
  });
  try {
    await registry.start();
    for (let index = 0; index < SERVERS; index += 1) {
      const path = `/server-${index}`;
      await send(registry, '/api/servers', { name: path, path, url: 'http://127.0.0.1:9/' });
    }
    const same = await tokens(registry, CLIENTS / EACH, () => Promise.resolve({}));
    const apart = await tokens(registry, 100, async (index) => {
      const name = `group-${index}`;
      await send(registry, '/api/groups', { name, servers: ['*'], tools: ['*'] });
      return { groups: [name] };
    });
    return [
      await measureViews(registry, 1, same, changes),
      await measureViews(registry, apart.length, apart, changes),
    ];
  } finally {
    await registry.close();
  }
}

async function tokens(
  registry: RegistryProcess,
  count: number,
  scope: (index: number) => Promise<object>,
): Promise<readonly string[]> {
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const input = { name: 'watcher', scopes: ['read'], ...(await scope(index)) };
    const issued = await send(registry, '/api/tokens', input);
    made.push((issued as { readonly token: string }).token);
  }
  return made;
}

async function measureViews(
  registry: RegistryProcess,
  views: number,
  bearers: readonly string[],
  changes: number,
): Promise<LiveResult> {
  const before = residentMegabytes(registry.pid());
  const begin = performance.now();
  const clients = await connectAll(`${registry.url.replace('http', 'ws')}/ws`, bearers);
  const connectMs = performance.now() - begin;
  const kilobytesEach = ((residentMegabytes(registry.pid()) - before) * 1024) / CLIENTS;
  const times: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    times.push(...(await timeChange(registry, clients, `${views}-${change}`)));
    // Beyond the pause between two batches, so that each change is one.
    await delay(300);
  }
  for (const client of clients) client.terminate();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
  const spread = { p50: at(0.5), p99: at(0.99), max: at(1) };
  return { views, clients: clients.length, changes, ...spread, connectMs, kilobytesEach };
}

/** Each has had its snapshot. */
async function connectAll(url: string, bearers: readonly string[]): Promise<WebSocket[]> {
  const clients: WebSocket[] = [];
  while (clients.length < CLIENTS) {
    const some = Array.from({ length: AT_ONCE }, (_, index) => {
      const bearer = bearers[(clients.length + index) % bearers.length] ?? '';
      return new WebSocket(url, { headers: { authorization: `Bearer ${bearer}` } });
    });
    await Promise.all(some.map((client) => once(client, 'message')));
    clients.push(...some);
  }
  return clients;
}

/** From before the request of the change until each client has it. */
async function timeChange(
  registry: RegistryProcess,
  clients: readonly WebSocket[],
  mark: string,
): Promise<readonly number[]> {
  const begin = performance.now();
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  setMaxListeners(0, deadline);
  const heard = clients.map(async (client) => {
    for (;;) {
      const [data] = (await once(client, 'message', { signal: deadline })) as [Buffer];
      if (data.includes(`"mark ${mark}"`)) return performance.now() - begin;
    }
  });
  const change = { description: `mark ${mark}` };
  const answer = await registry.api('/api/servers/server-0', 'PATCH', change);
  if (!answer.ok) throw new Error(await answer.text());
  return Promise.all(heard);
}

async function send(registry: RegistryProcess, at: string, body: object): Promise<unknown> {
  const answer = await registry.api(at, 'POST', body);
  if (answer.status !== 201) throw new Error(`${at}: ${await answer.text()}`);
  return answer.json();
}
