import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import type { Fields } from '../../catalog/import/read-json.js';
import { officialFacts } from '../../catalog/import/registry-servers.js';
import { followedFields } from '../../catalog/registry-source.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { ReadRegistry } from '../../upstream/registry-reader.js';
import { pulledEntries } from './pulled-entries.js';
import { seenServers } from '../servers/server-lookup.js';
import { countOutcomes, takenSchema, takingFields, type TakeEntries } from './take-entries.js';
import { validate } from '../validate.js';

export const pullInputSchema = z.strictObject({
  ...followedFields,
  updatedSince: z.iso
    .datetime({ offset: true, error: 'must be a time of RFC 3339' })
    .optional()
    .meta({
      description: 'Only what has changed since then: the `changedUntil` of the last pull.',
    }),
  ...takingFields,
});

export const pullResultSchema = takenSchema.extend({
  registry: z.string(),
  changedUntil: z.string().optional().meta({
    description:
      'The newest change that the registry told of, for `updatedSince` of the next pull.',
  }),
});
export type PullResult = z.output<typeof pullResultSchema>;

/**
 * Takes over the servers of another registry, disabled, in one commit; see `importServers`. What the registry has deleted
 * is disabled and marked. Nothing is changed unless its whole list could be read.
 * @throws RegistryError `validation-failed`, `registry-pull-failed`, `upstream-refused-by-policy`
 */
export type PullRegistry = (
  input: unknown,
  by: Principal,
  signal: AbortSignal,
) => Promise<PullResult>;

export function createPullRegistry(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly readRegistry: ReadRegistry;
  readonly takeEntries: TakeEntries;
  readonly clock: () => Date;
  readonly log: Log;
}): PullRegistry {
  const { store, readRegistry, takeEntries, clock, log } = deps;
  return async (input, by, signal) => {
    const { url, search, updatedSince, ...how } = validate(pullInputSchema, input);
    const now = clock().toISOString();
    // Only then is it of interest what was deleted.
    const withDeleted = seenServers(store.state(), by.visibility).some(
      ({ server }) => server.origin?.registry === url,
    );
    const items = await readRegistry({ url, search, updatedSince, withDeleted }, signal);
    const source = { registry: url, pulledAt: now };
    const taken = await takeEntries((state) => pulledEntries(state, items, source, by), {
      by,
      ...how,
    });
    if (taken.gateway !== undefined) {
      const counts = countOutcomes(taken.results);
      log.info('Servers pulled.', { by: by.username, registry: url, ...counts });
    }
    const changedUntil = newestChange(items, now) ?? updatedSince;
    return { registry: url, ...(changedUntil !== undefined && { changedUntil }), ...taken };
  };
}

/** By the clock of the registry, but not in the future: nothing would ever be newer. */
function newestChange(items: readonly Fields[], now: string): string | undefined {
  const times = items
    .map((item) => officialFacts(item).updatedAt)
    .filter((time): time is string => typeof time === 'string')
    .map((time) => Date.parse(time))
    .filter((time) => time <= Date.parse(now));
  if (times.length === 0) return undefined;
  return new Date(times.reduce((one, other) => Math.max(one, other))).toISOString();
}
