import { z } from 'zod';
import { CALL_OUTCOMES } from '../../usage/call-outcome.js';
import type { CallRecord } from '../../usage/call-record.js';
import { INTERVALS } from '../../usage/usage-level.js';

const count = z.int().nonnegative();
const milliseconds = z.number().nullable().meta({
  description: 'Milliseconds, at most 2 % off; of POST alone. Null: nothing was measured.',
});

const lastAt = z.string().nullable();

const figureFields = {
  calls: count.meta({ description: 'Requests to MCP servers, whatever their method.' }),
  errors: count.meta({
    description:
      'Those with a status from 400 on, but 499, the caller left, and 405 of a server that has no stream to GET or no ' +
      'session to DELETE.',
  }),
  p50Ms: milliseconds,
  p95Ms: milliseconds,
  p99Ms: milliseconds,
  bytesIn: z.number(),
  bytesOut: z.number(),
  callers: count.meta({ description: 'Different principals; all without one count as one.' }),
  lastAt,
};

export const usageViewSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  interval: z.enum(INTERVALS),
  series: z.array(z.strictObject({ at: z.string(), ...figureFields })),
  groups: z.array(z.strictObject({ key: z.string(), ...figureFields })).meta({
    description:
      'With `by`: the busiest first. The key is empty for what is not known, such as the tool of a call of an earlier ' +
      'revision whose body was not read, and `(other)` for what there was no room to tell apart.',
  }),
  totals: z.strictObject({ ...figureFields }),
});
export type UsageView = z.output<typeof usageViewSchema>;

export const usageSummarySchema = z.strictObject({
  /** The begin of the day, in UTC. */
  since: z.string(),
  callsToday: count,
  errorsToday: count,
  byServer: z.record(z.string(), z.strictObject({ calls: count, errors: count, lastAt })),
});
export type UsageSummary = z.output<typeof usageSummarySchema>;

export const callersViewSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  callers: z.array(
    z.strictObject({
      principal: z.string().meta({ description: 'Empty: everybody who came without a token.' }),
      calls: count,
      errors: count,
      lastAt,
    }),
  ),
  calls: count,
});
export type CallersView = z.output<typeof callersViewSchema>;

export const callViewSchema = z.strictObject({
  requestId: z.string(),
  at: z.string().meta({ description: 'When the answer had been given.' }),
  principal: z.string(),
  server: z.string(),
  era: z.enum(['legacy', 'modern']),
  httpMethod: z.string(),
  method: z.string(),
  tool: z.string(),
  subject: z.string().meta({ description: 'The prompt, or the resource without its query.' }),
  session: z.enum(['', 'opened', 'closed']).meta({
    description: 'Whether the call opened or closed a session of MCP.',
  }),
  status: z.int(),
  outcome: z.enum(CALL_OUTCOMES),
  ownAnswer: z.boolean().meta({ description: 'Whether the gateway itself gave the answer.' }),
  error: z.string().meta({ description: 'Its name, where the gateway answered with an error.' }),
  durationMs: z.number(),
  firstByteMs: z.number().optional(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  upstream: z.string(),
});
export type CallView = z.output<typeof callViewSchema>;

export function callView({ at, firstByteMs, ...record }: CallRecord): CallView {
  return {
    ...record,
    at: new Date(at).toISOString(),
    ...(firstByteMs !== undefined && { firstByteMs }),
  };
}
