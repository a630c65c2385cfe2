import { ranged, section } from './markdown-table.js';
import { ratioBetween, type WayResult } from './throughput.js';
import {
  EXPRESS,
  LIMITED,
  PLAIN,
  PUBLIC,
  TOKEN,
  UNDICI,
  UNDICI_LIMITED,
  UNLOGGED,
  type WayKind,
} from './ways.js';

/** How many times the processor time of plain nginx a call may take. */
const AIMS = [
  { kind: PUBLIC, cpu: 1.2 },
  { kind: TOKEN, cpu: 2 },
  { kind: LIMITED, cpu: 2.8 },
] as const;
/** Whose processor time is measured below several loads. */
export const COMPARED_WAYS: readonly WayKind[] = [PLAIN, ...AIMS.map(({ kind }) => kind)];

/** A column that has to be there: a missing one is a mistake in the bench. */
function resultOf(kind: WayKind, results: readonly WayResult[]): WayResult {
  const found = results.find(({ name }) => name === kind.title);
  if (found === undefined) throw new Error(`${kind.title} was not measured`);
  return found;
}

export function capacitySection(results: readonly WayResult[], title: string): string {
  const head = ['way', 'calls/s', 'p50 us', 'p99 us', 'CPU us/call', 'calls/s per core'];
  const ratios = ['CPU x first', 'calls/s x first', 'p50 x first', 'p99 x first', 'failures'];
  return section(title, [...head, ...ratios], results.map(capacityRow));
}

export function latencySection(results: readonly WayResult[], title: string): string {
  const head = ['way', 'p50 us', 'p99 us', 'CPU us/call'];
  const ratios = ['p50 x plain', 'p99 x plain', 'CPU x plain', 'failures'];
  const rows = results.map(({ name, values, ratio, failures }) => [
    name,
    ranged(values.p50),
    ranged(values.p99),
    // Nothing is between where there is no proxy.
    values.cpu.max === 0 ? '' : ranged(values.cpu, 1),
    ranged(ratio.p50, 2),
    ranged(ratio.p99, 2),
    values.cpu.max === 0 ? '' : ranged(ratio.cpu, 2),
    String(failures),
  ]);
  return section(title, [...head, ...ratios], rows);
}

/** What was measured below a load. */
export interface LoadedResult {
  /** What it is called in tables. */
  readonly load: string;
  readonly results: readonly WayResult[];
}

/** The processor time of a call, beside that of plain nginx below the same load. */
export function costSection(loads: readonly LoadedResult[]): string {
  const rows = COMPARED_WAYS.map((kind) => [
    kind.title,
    ...loads.map(({ results }) => {
      const { values, ratio } = resultOf(kind, results);
      return `${values.cpu.median.toFixed(1)} us, x ${ranged(ratio.cpu, 2)}`;
    }),
  ]);
  return section(
    'CPU of a call below several loads',
    ['way', ...loads.map(({ load }) => load)],
    rows,
  );
}

/**
 * What the product aims at, beside what was measured; ratios are made within the rounds.
 * @param full of connections that call all the time
 * @param paced of connections that pause
 */
export function aimsSection(full: readonly WayResult[], paced: readonly WayResult[]): string {
  const ratio = (kind: WayKind, base: WayKind, measure: 'cpu' | 'p99' | 'requestsPerSecond') => {
    const results = measure === 'p99' ? paced : full;
    return ranged(ratioBetween(resultOf(kind, results), resultOf(base, results), measure), 2);
  };
  const beside = (kind: WayKind, base: WayKind, aim: string) => [
    `${kind.title} / ${base.title}`,
    `calls/s ${aim}`,
    ratio(kind, base, 'requestsPerSecond'),
    ratio(base, kind, 'cpu'),
  ];
  const rows = [
    ...AIMS.flatMap(({ kind, cpu }) => [
      [`${kind.title} / ${PLAIN.title}`, `CPU at most ${cpu}`, ratio(kind, PLAIN, 'cpu'), ''],
      [`${kind.title} / ${PLAIN.title}`, 'p99 at most 2', ratio(kind, PLAIN, 'p99'), ''],
    ]),
    beside(PUBLIC, UNLOGGED, 'at least 0.9'),
    beside(TOKEN, EXPRESS, 'at least 4'),
    beside(LIMITED, EXPRESS, 'at least 4'),
    beside(TOKEN, UNDICI, 'more than 1'),
    beside(LIMITED, UNDICI_LIMITED, 'more than 1'),
  ];
  return section('What is aimed at', ['ways', 'aim', 'measured', 'per core'], rows);
}

function capacityRow({ name, values, ratio, failures }: WayResult): string[] {
  return [
    name,
    ranged(values.requestsPerSecond),
    ranged(values.p50),
    ranged(values.p99),
    ranged(values.cpu, 1),
    (1e6 / values.cpu.median).toFixed(0),
    ranged(ratio.cpu, 2),
    ranged(ratio.requestsPerSecond, 2),
    ranged(ratio.p50, 2),
    ranged(ratio.p99, 2),
    String(failures),
  ];
}
