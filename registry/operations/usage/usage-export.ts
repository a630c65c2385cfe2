import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import { csvLine } from '../../audit/csv-line.js';
import { DIMENSIONS } from '../../usage/usage-row.js';
import { UsageSum } from '../../usage/usage-sums.js';
import { rowsIn, type UsageQueryDeps } from './usage-queries.js';
import { usageFilterSchema, usageRange } from './usage-range.js';
import { usageScope } from './usage-scope.js';
import { validate } from '../validate.js';

export const usageExportQuerySchema = usageFilterSchema.extend({
  format: z.literal('csv').default('csv'),
});

interface UsageExport {
  /** `usage-20260102T030405Z.csv` */
  readonly fileName: string;
  readonly mediaType: string;
  /** A bucket at a time. */
  readonly lines: AsyncIterable<string>;
}

/** What was counted, as a file. @throws RegistryError `validation-failed` */
export type ExportUsage = (query: unknown, by: Principal) => UsageExport;

const FIGURES = [
  'calls',
  'errors',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'bytesIn',
  'bytesOut',
  'lastAt',
] as const;

export function createExportUsage(deps: Omit<UsageQueryDeps, 'findCall'>): ExportUsage {
  const { store, statistics, clock } = deps;
  return (query, by) => {
    const range = usageRange(validate(usageExportQuerySchema, query), clock());
    const rows = rowsIn(statistics, range, usageScope(store.state(), by));
    const stamp = `${clock().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    return {
      fileName: `usage-${stamp}.csv`,
      mediaType: 'text/csv; charset=utf-8; header=present',
      lines: linesOf(rows),
    };
  };
}

async function* linesOf(rows: ReturnType<typeof rowsIn>): AsyncGenerator<string> {
  yield csvLine(['at', ...DIMENSIONS, ...FIGURES]);
  for await (const { at, row, key } of rows) {
    const sum = new UsageSum();
    sum.add(row);
    const figure = sum.figure();
    yield csvLine([
      new Date(at).toISOString(),
      ...DIMENSIONS.map((dimension) => key[dimension]),
      ...FIGURES.map((name) => String(figure[name] ?? '')),
    ]);
  }
}
