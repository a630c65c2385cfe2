import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import { RegistryError } from '../../errors.js';
import type { Store } from '../../store/store.js';
import type { FindCall } from '../../usage/find-call.js';
import { bucketStart, USAGE_LEVELS } from '../../usage/usage-level.js';
import { keyOfFlat, lastAtOf, OTHER, type FlatRow, type RowKey } from '../../usage/usage-row.js';
import type { UsageStatistics } from '../../usage/usage-statistics.js';
import { UsageSum, UsageSums, type UsageFigure } from '../../usage/usage-sums.js';
import { requireTarget } from '../servers/server-lookup.js';
import { readUsageQuery, type UsageRange } from './usage-range.js';
import { usageScope, type UsageScope } from './usage-scope.js';
import {
  callView,
  type CallersView,
  type CallView,
  type UsageSummary,
  type UsageView,
} from './usage-view.js';
import { validate } from '../validate.js';

const DAY = USAGE_LEVELS.day.span;

export const callersQuerySchema = z.strictObject({
  days: z.coerce.number('must be a number').pipe(z.int().min(1).max(30)).default(7),
});

/** Who used what, how often and how fast: of calls that the caller may know of. */
export interface UsageQueries {
  /** @throws RegistryError `validation-failed` */
  usage(query: unknown, by: Principal): Promise<UsageView>;
  summary(by: Principal): Promise<UsageSummary>;
  /** @throws RegistryError `call-not-found`, also when it is not the caller's to see */
  call(requestId: string, by: Principal): Promise<CallView>;
  /** @throws RegistryError `server-not-found`, `validation-failed` */
  callers(path: string, query: unknown, by: Principal): Promise<CallersView>;
}

export interface UsageQueryDeps {
  readonly store: Pick<Store, 'state'>;
  readonly statistics: UsageStatistics;
  readonly findCall: FindCall;
  readonly clock: () => Date;
}

export function createUsageQueries(deps: UsageQueryDeps): UsageQueries {
  const { store, statistics, findCall, clock } = deps;
  const scopeOf = (by: Principal) => usageScope(store.state(), by);
  return {
    async usage(query, by) {
      const { range, by: dimension, limit } = readUsageQuery(query, clock());
      const [totals, series] = [new UsageSum(), new UsageSums<number>(0)];
      const groups = new UsageSums<string>(OTHER);
      for await (const { at, row, key } of rowsIn(statistics, range, scopeOf(by))) {
        totals.add(row);
        series.at(at).add(row);
        if (dimension !== undefined) groups.at(key[dimension]).add(row);
      }
      return {
        from: isoOf(range.from),
        to: isoOf(range.to),
        interval: range.interval,
        series: pointsOf(range, series),
        groups: groups
          .busiest()
          .slice(0, limit)
          .map(([key, sum]) => ({ key, ...sum.figure() })),
        totals: totals.figure(),
      };
    },
    summary: (by) => summaryOf(statistics, scopeOf(by), clock()),
    async call(requestId, by) {
      const record = await findCall(requestId);
      if (record !== undefined && scopeOf(by).sees(record, record.at)) return callView(record);
      throw new RegistryError(
        'call-not-found',
        'No call with this id is kept. The newest are there about a second after they ended.',
      );
    },
    async callers(path, query, by) {
      const target = requireTarget(store.state(), path, by.visibility);
      const { days } = validate(callersQuerySchema, query);
      const server = target.kind === 'server' ? target.server.path : target.record.path;
      const to = clock().getTime();
      const from = bucketStart(USAGE_LEVELS.hour, to - days * DAY);
      const range: UsageRange = { interval: 'hour', from, to, server };
      const [sums, totals] = [new UsageSums<string>(OTHER), new UsageSum()];
      for await (const { row, key } of rowsIn(statistics, range, scopeOf(by))) {
        sums.at(key.principal).add(row);
        totals.add(row);
      }
      const callers = sums
        .busiest()
        .map(([principal, sum]) => ({ principal, ...briefly(sum.figure()) }));
      return { from: isoOf(from), to: isoOf(to), callers, calls: totals.calls };
    },
  };
}

interface SeenRow {
  /** Begin of the bucket. */
  readonly at: number;
  readonly row: FlatRow;
  readonly key: RowKey;
}

/** What is meant and may be seen. */
export async function* rowsIn(
  statistics: UsageStatistics,
  range: UsageRange,
  scope: UsageScope,
): AsyncGenerator<SeenRow> {
  const { interval, from, to, server, tool, principal } = range;
  for await (const { at, rows } of statistics.buckets(interval, from, to)) {
    for (const row of rows) {
      const key = keyOfFlat(row);
      if (server !== undefined && server !== key.server) continue;
      if (tool !== undefined && tool !== key.tool) continue;
      if (principal !== undefined && principal !== key.principal) continue;
      if (scope.sees(key, lastAtOf(row))) yield { at, row, key };
    }
  }
}

/** Every bucket of the range, those without calls as well: a chart has no holes. */
function pointsOf({ interval, from, to }: UsageRange, series: UsageSums<number>) {
  const { span } = USAGE_LEVELS[interval];
  const nothing = new UsageSum();
  const points: UsageView['series'] = [];
  for (let at = from; at < to; at += span) {
    points.push({ at: isoOf(at), ...(series.get(at) ?? nothing).figure() });
  }
  return points;
}

async function summaryOf(
  statistics: UsageStatistics,
  scope: UsageScope,
  now: Date,
): Promise<UsageSummary> {
  const from = bucketStart(USAGE_LEVELS.day, now.getTime());
  const range: UsageRange = { interval: 'day', from, to: now.getTime() + 1 };
  const [sums, totals] = [new UsageSums<string>(OTHER), new UsageSum()];
  for await (const { row, key } of rowsIn(statistics, range, scope)) {
    sums.at(key.server).add(row);
    totals.add(row);
  }
  const { calls, errors } = totals.figure();
  const servers = sums.busiest().map(([path, sum]) => [path, briefly(sum.figure())] as const);
  return {
    since: isoOf(from),
    callsToday: calls,
    errorsToday: errors,
    byServer: Object.fromEntries(servers),
  };
}

function briefly({ calls, errors, lastAt }: UsageFigure) {
  return { calls, errors, lastAt };
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
