import { truncateSync } from 'node:fs';
import { pairedRatio, spread, type Spread } from './statistics.js';
import type { BenchPlan } from './bench-plan.js';
import { failures, runLoad, type Load } from './wrk.js';

/** A way to the same upstream, and what is sent on it. */
export interface Way extends Pick<Load, 'url' | 'call' | 'tokensFile' | 'numbered'> {
  readonly name: string;
  /** Processor time that what is between has used so far, in microseconds. */
  readonly cpu?: () => number;
  /** Its access log; emptied now and then, since a bench fills it by gigabytes. */
  readonly log?: string;
}

/** As many calls are under way at a time, unless something else is said. */
export const CONNECTIONS = 32;
/** Of a connection between two calls, where the machine shall have time left. */
const PAUSE_MS = 10;

/** Times in microseconds. */
export interface Sample {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly failures: number;
}

const MEASURES = ['requestsPerSecond', 'p50', 'p99', 'cpu'] as const;
type Measure = (typeof MEASURES)[number];
type Measures = Readonly<Record<Measure, Spread>>;

/** `ratio` is to the first way, round by round. */
export interface WayResult {
  readonly name: string;
  /** One for each round. */
  readonly samples: readonly Sample[];
  readonly values: Measures;
  readonly ratio: Measures;
  readonly failures: number;
}

/** Many connections: capacity, and the processor time of a call. */
export function measureCapacity(
  ways: readonly Way[],
  plan: BenchPlan,
  connections = CONNECTIONS,
): Promise<WayResult[]> {
  const { rounds, warmUpSeconds, loadSeconds } = plan;
  const load = { connections, seconds: loadSeconds };
  return measure(ways, load, { rounds, warmUpSeconds });
}

/** As many connections, of which each pauses after a call: what callers see who do not wait for one another. */
export function measurePaced(ways: readonly Way[], plan: BenchPlan): Promise<WayResult[]> {
  const { rounds, warmUpSeconds, loadSeconds } = plan;
  const load = { connections: CONNECTIONS, seconds: loadSeconds, pauseMs: PAUSE_MS };
  return measure(ways, load, { rounds, warmUpSeconds });
}

/** One connection: what a way adds to the time of a call. */
export function measureLatency(ways: readonly Way[], plan: BenchPlan): Promise<WayResult[]> {
  const { singleRounds: rounds, singleSeconds: seconds } = plan;
  return measure(ways, { connections: 1, seconds }, { rounds, warmUpSeconds: 0 });
}

type LoadShape = Pick<Load, 'connections' | 'seconds' | 'pauseMs'>;

async function measure(
  ways: readonly Way[],
  load: LoadShape,
  times: { readonly rounds: number; readonly warmUpSeconds: number },
): Promise<WayResult[]> {
  const samples = new Map<Way, Sample[]>(ways.map((way) => [way, []]));
  for (let round = 0; round < times.rounds; round += 1) {
    // A machine that gets slower or faster meanwhile shall not favour whoever comes first.
    for (const way of round % 2 === 0 ? ways : [...ways].reverse()) {
      if (round === 0 && times.warmUpSeconds > 0) {
        await runLoad({ ...loadOf(way), ...load, seconds: times.warmUpSeconds });
      }
      samples.get(way)?.push(await sample(way, load));
    }
  }
  const [base] = ways;
  const plain = (base && samples.get(base)) ?? [];
  return ways.map((way) => resultOf(way.name, samples.get(way) ?? [], plain));
}

async function sample(way: Way, load: LoadShape): Promise<Sample> {
  const before = cpuOf(way);
  const result = await runLoad({ ...loadOf(way), ...load });
  const { requests, p50, p99 } = result;
  const cpu = (cpuOf(way) - before) / requests;
  emptyLog(way);
  return {
    requestsPerSecond: requests / result.seconds,
    p50,
    p99,
    cpu,
    failures: failures(result),
  };
}

/** nginx appends, so that it goes on at the beginning. */
export function emptyLog({ log }: Way): void {
  if (log !== undefined) truncateSync(log);
}

/** The part of a load that is the way's. */
export function loadOf({
  url,
  call,
  tokensFile,
  numbered = false,
}: Way): Omit<Load, 'connections' | 'seconds'> {
  return { url, call, numbered, ...(tokensFile !== undefined && { tokensFile }) };
}

function cpuOf({ cpu }: Way): number {
  return cpu?.() ?? 0;
}

/** How a way compares with another of the same bench, round by round. */
export function ratioBetween(
  way: Pick<WayResult, 'samples'>,
  base: Pick<WayResult, 'samples'>,
  measure: Measure,
): Spread {
  return pairedRatio(column(way.samples, measure), column(base.samples, measure));
}

function column(samples: readonly Sample[], key: keyof Sample): number[] {
  return samples.map((one) => one[key]);
}

function resultOf(name: string, samples: readonly Sample[], base: readonly Sample[]): WayResult {
  const each = (make: (key: keyof Measures) => Spread) =>
    Object.fromEntries(MEASURES.map((key) => [key, make(key)])) as unknown as Measures;
  return {
    name,
    samples,
    values: each((key) => spread(column(samples, key))),
    ratio: each((key) => ratioBetween({ samples }, { samples: base }, key)),
    failures: column(samples, 'failures').reduce((sum, count) => sum + count, 0),
  };
}
