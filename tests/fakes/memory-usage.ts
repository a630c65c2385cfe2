import type { CallRecord } from '../../registry/usage/call-record.js';
import { UsageBook } from '../../registry/usage/usage-book.js';
import type { FindCall } from '../../registry/usage/find-call.js';
import type { UsageStatistics } from '../../registry/usage/usage-statistics.js';

const USUAL: CallRecord = {
  at: Date.parse('2026-01-02T03:04:05Z'),
  requestId: 'abc-1.000-1-1',
  principal: 'admin',
  server: '/weather',
  era: 'modern',
  httpMethod: 'POST',
  method: 'tools/call',
  tool: 'forecast',
  subject: '',
  session: '',
  status: 200,
  outcome: 'ok',
  ownAnswer: false,
  error: '',
  durationMs: 20,
  firstByteMs: 10,
  bytesIn: 100,
  bytesOut: 1000,
  upstream: '127.0.0.1:9000',
};

/** A record of a call. */
export function callRecord(fields: Partial<CallRecord> = {}): CallRecord {
  return { ...USUAL, ...fields };
}

/** Statistics of what it is told. */
export function createMemoryUsage() {
  const records: CallRecord[] = [];
  const book = new UsageBook();
  const findCall: FindCall = (id) => Promise.resolve(records.find((of) => of.requestId === id));
  const statistics: UsageStatistics = {
    async *buckets(interval, from, to) {
      const { buckets } = book.open(interval);
      yield* await Promise.resolve(buckets.filter(({ at }) => at >= from && at < to));
    },
  };
  const calls = (...added: Partial<CallRecord>[]) => {
    for (const fields of added) {
      const record = callRecord(fields);
      records.push(record);
      book.add(record);
    }
  };
  return { statistics, findCall, calls };
}
