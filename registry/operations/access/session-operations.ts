import { z } from 'zod';
import { RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { SessionDirectory } from '../../store/session-directory.js';

export const sessionViewSchema = z
  .strictObject({
    id: z.string().meta({ description: 'Names the session; it is not what the cookie holds.' }),
    begunAt: z.string(),
    lastSeenAt: z.string(),
    address: z.string().meta({ description: 'Where the log-in came from.' }),
    userAgent: z.string().meta({ description: "The browser's own words, cut to 160 characters." }),
    current: z.boolean().meta({ description: 'Whether this request came with it.' }),
  })
  .meta({ id: 'Session' });
type SessionView = z.output<typeof sessionViewSchema>;

/** What people do with their own sessions; `current` is the id of the one they do it in. */
export interface SessionOperations {
  list(username: string, current: string | undefined): Promise<readonly SessionView[]>;
  /** @throws RegistryError `session-not-found`, also for the session of somebody else */
  end(username: string, id: string): Promise<void>;
  endOthers(username: string, current: string | undefined): Promise<void>;
}

export function createSessionOperations(deps: {
  readonly sessions: SessionDirectory;
  readonly log: Log;
}): SessionOperations {
  const { sessions, log } = deps;
  return {
    list: async (username, current) => {
      const entries = await sessions.sessionsOf(username);
      return entries.map(({ username: _, ...entry }) => ({
        ...entry,
        current: entry.id === current,
      }));
    },
    end: async (username, id) => {
      const entries = await sessions.sessionsOf(username);
      if (!entries.some((entry) => entry.id === id)) {
        throw new RegistryError('session-not-found', 'You have no such session, or it has ended.');
      }
      await sessions.endSessions([id]);
      log.info('Session ended by its owner.', { username });
    },
    endOthers: async (username, current) => {
      await endAllSessions(sessions, username, current);
      log.info('All other sessions ended by their owner.', { username });
    },
  };
}

/** Ends the sessions of a person, but for one if it is named. */
export async function endAllSessions(
  sessions: SessionDirectory,
  username: string,
  except?: string,
): Promise<void> {
  const entries = await sessions.sessionsOf(username);
  await sessions.endSessions(entries.map(({ id }) => id).filter((id) => id !== except));
}
