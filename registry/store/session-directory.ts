import { z } from 'zod';

/** A session of a person, as they may see it. */
export interface SessionEntry {
  /** Names the session without being good for anything: not what the cookie holds. */
  readonly id: string;
  readonly username: string;
  /** ISO 8601, like `lastSeenAt`. */
  readonly begunAt: string;
  /** When a request last came with it. */
  readonly lastSeenAt: string;
  /** Where the log-in came from. */
  readonly address: string;
  /** The browser's own words, cut; empty when it sent none. */
  readonly userAgent: string;
}

/** Finds and ends the sessions of a person, wherever the session store keeps them. */
export interface SessionDirectory {
  /** Those that have not run out, the last begun first. */
  sessionsOf(username: string): Promise<readonly SessionEntry[]>;
  /** Ends those of these ids that exist, from the next request on. */
  endSessions(ids: readonly string[]): Promise<void>;
}

const factsSchema = z.object({
  publicId: z.string(),
  username: z.string(),
  begunAt: z.string(),
  address: z.string().default(''),
  userAgent: z.string().default(''),
});

/**
 * Reads what a session store holds.
 * @param lastSeenMs milliseconds since 1970
 * @returns undefined for what is not the session of a person
 */
export function sessionEntryOf(data: unknown, lastSeenMs: number): SessionEntry | undefined {
  const parsed = factsSchema.safeParse(data);
  if (!parsed.success) return undefined;
  const { publicId: id, ...facts } = parsed.data;
  return { id, ...facts, lastSeenAt: new Date(lastSeenMs).toISOString() };
}

/** The sessions of one person, the last begun first. */
export function entriesOf(
  username: string,
  entries: readonly (SessionEntry | undefined)[],
): SessionEntry[] {
  return entries
    .filter((entry) => entry !== undefined)
    .filter((entry) => entry.username === username)
    .sort((a, b) => b.begunAt.localeCompare(a.begunAt));
}
