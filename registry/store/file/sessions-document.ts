import { z } from 'zod';
import { describeProblems } from './describe-problems.js';

const documentSchema = z.strictObject({
  version: z.literal(1),
  /** By the SHA-256 of the session id, in hex. */
  sessions: z.record(
    z.string().regex(/^[0-9a-f]{64}$/),
    z.strictObject({
      expiresMs: z.number(),
      data: z.looseObject({ cookie: z.looseObject({}) }),
    }),
  ),
});

/** `sessions.json` as it is on disk. */
export interface SessionsDocument {
  readonly version: 1;
  readonly sessions: Record<
    string,
    {
      readonly expiresMs: number;
      readonly data: Readonly<Record<string, unknown>> & {
        readonly cookie: Record<string, unknown>;
      };
    }
  >;
}

/** @throws Error with the rule that is broken */
export function parseSessionsDocument(json: unknown): SessionsDocument {
  const parsed = documentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`it is not a sessions document (${describeProblems(parsed.error)})`);
}
