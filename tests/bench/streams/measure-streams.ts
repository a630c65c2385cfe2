import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf } from '../../../registry/gateway/nginx/processes.js';
import { freePort } from '../../fixtures/free-port.js';
import { benchCallers, type BenchCallers } from '../bench-access.js';
import type { BenchPlan } from '../bench-plan.js';
import { residentMegabytes } from '../processor-time.js';
import { startAll, wayOf, type Started } from '../start-ways.js';
import { percentile } from '../statistics.js';
import type { Way } from '../throughput.js';
import { DIRECT, GUARDED, LIMITED, PLAIN, PUBLIC, TOKEN, type WayKind } from '../ways.js';
import { startStreamClient, startStreamServer, type StreamClient } from './stream-orders.js';
import { EVERY, WAIT } from './stream-server-setup.js';

const EVENT_EVERY_MS = 10;
const SLOW_CALLS = 1000;
const SLOW_MS = 1000;
const SETTLE_MS = 1500;

/** What streams and slow calls cost. Times in milliseconds. */
export interface StreamsResult {
  readonly idle: readonly IdleStreams[];
  readonly events: readonly EventDelay[];
  readonly slow: readonly SlowCalls[];
}

/** Streams on which nothing is sent. */
export interface IdleStreams {
  readonly name: string;
  readonly streams: number;
  readonly refused: number;
  /** By what the workers of nginx grew. */
  readonly kilobytesEach: number;
}

export interface EventDelay {
  readonly name: string;
  readonly events: number;
  /** From the request of the stream; the upstream sends it after 10 ms. */
  readonly firstMs: number;
  readonly p50: number;
  readonly p99: number;
}

/** Calls that are answered after a second, all at the same time. */
export interface SlowCalls {
  readonly name: string;
  readonly calls: number;
  readonly failures: number;
  /** Beyond that second. */
  readonly p50: number;
  readonly p99: number;
  /** Of nginx for a call, in microseconds. */
  readonly cpu: number;
}

interface Stage {
  readonly folder: string;
  readonly upstreamPort: number;
  readonly callers: BenchCallers;
  readonly client: StreamClient;
}

/** Each way has an nginx of its own that has done nothing before. */
export async function measureStreams(plan: BenchPlan): Promise<StreamsResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gateway-streams-'));
  const upstreamPort = await freePort();
  const stopServer = await startStreamServer({ port: upstreamPort });
  const client = startStreamClient();
  const stage = { folder, upstreamPort, client, callers: await benchCallers(GUARDED) };
  try {
    const [idle, events, slow] = [[], [], []] as [IdleStreams[], EventDelay[], SlowCalls[]];
    for (const kind of [PLAIN, PUBLIC, TOKEN, LIMITED]) {
      idle.push(...(await through(kind, stage, (way) => idleStreams(way, stage, plan.streams))));
    }
    for (const kind of [DIRECT, PLAIN, PUBLIC, TOKEN, LIMITED]) {
      events.push(await through(kind, stage, (way) => eventDelay(way, stage, plan.streamEvents)));
    }
    for (const kind of [PLAIN, PUBLIC, TOKEN, LIMITED]) {
      slow.push(await through(kind, stage, (way) => slowCalls(way, stage, plan.slowWaves)));
    }
    return { idle, events, slow };
  } finally {
    client.stop();
    await stopServer();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function through<T>(
  kind: WayKind,
  { folder, ...stage }: Stage,
  measure: (way: Way & Started) => Promise<T>,
): Promise<T> {
  const own = mkdtempSync(path.join(folder, `${kind.name}-`));
  mkdirSync(own, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  try {
    const started = await startAll([kind], { ...stage, folder: own, stops });
    return await measure(await wayOf(kind, started, stage.callers));
  } finally {
    await stage.client.order({ kind: 'release' });
    for (const stop of stops.reverse()) await stop();
  }
}

/** Ever more streams; each number is reached by opening more beside those that are there. */
async function idleStreams(
  { name, url, call, master = 0 }: Way & Started,
  { client }: Stage,
  sizes: readonly number[],
): Promise<IdleStreams[]> {
  const before = workersKilobytes(master);
  const results: IdleStreams[] = [];
  let [streams, refused] = [0, 0];
  for (const size of sizes) {
    const order = { url, headers: streamHeaders(call.headers), count: size - streams };
    refused += (await client.order({ kind: 'hold', ...order })).refused;
    streams = size;
    await delay(SETTLE_MS);
    const kilobytesEach = (workersKilobytes(master) - before) / (streams - refused);
    results.push({ name, streams, refused, kilobytesEach });
  }
  return results;
}

async function eventDelay(
  { name, url, call }: Way & Started,
  { client }: Stage,
  count: number,
): Promise<EventDelay> {
  const headers = { ...streamHeaders(call.headers), [EVERY]: String(EVENT_EVERY_MS) };
  const order = { kind: 'events', url, headers } as const;
  await client.order({ ...order, count: Math.ceil(count / 10) });
  const { firstMs, lateMs } = await client.order({ ...order, count });
  return { name, events: lateMs.length, firstMs, ...percentiles(lateMs) };
}

async function slowCalls(
  { name, url, call, cpu = () => 0 }: Way & Started,
  { client }: Stage,
  waves: number,
): Promise<SlowCalls> {
  const headers = { ...call.headers, [WAIT]: String(SLOW_MS) };
  const order = { kind: 'calls', url, headers, body: call.body, count: SLOW_CALLS } as const;
  await client.order({ ...order, waves: 1 });
  const before = cpu();
  const { timesMs, failures } = await client.order({ ...order, waves });
  const calls = timesMs.length + failures;
  const beyond = percentiles(timesMs.map((ms) => ms - SLOW_MS));
  return { name, calls, failures, ...beyond, cpu: (cpu() - before) / calls };
}

/** As clients of 2025 open the stream of a server. */
function streamHeaders({
  Authorization,
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    Accept: 'text/event-stream',
    'MCP-Protocol-Version': '2025-11-25',
    ...(Authorization !== undefined && { Authorization }),
  };
}

function workersKilobytes(master: number): number {
  return childrenOf(master).reduce((sum, { pid }) => sum + residentMegabytes(pid) * 1024, 0);
}

function percentiles(values: readonly number[]): { readonly p50: number; readonly p99: number } {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
}
