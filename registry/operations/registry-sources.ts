import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Principal } from '../access/principal.js';
import { registrySourceInputSchema, type RegistrySource } from '../catalog/registry-source.js';
import { messageOf, RegistryError } from '../errors.js';
import type { Store } from '../store/store.js';
import type { PullRegistry, PullResult } from './pull-registry.js';
import { countOutcomes, takingFields } from './take-entries.js';
import { validate, validationError } from './validate.js';

export const sourcePullInputSchema = z.strictObject({
  dryRun: takingFields.dryRun,
  full: z.boolean().default(false).meta({
    description: 'Reads the whole list, and not only what has changed since the last pull.',
  }),
});

const MAX_SOURCES = 50;

/**
 * Registries that are followed. People see and use those that they added, and all of them with the permission for
 * everybody's servers.
 */
export interface RegistrySources {
  list(by: Principal): readonly RegistrySource[];
  /** @throws RegistryError `validation-failed` */
  add(input: unknown, by: Principal): Promise<RegistrySource>;
  /** What was pulled from it stays. @throws RegistryError `registry-not-found` */
  remove(id: string, by: Principal): Promise<void>;
  /** @throws RegistryError `registry-not-found`, and as `PullRegistry` */
  pull(id: string, input: unknown, by: Principal, signal: AbortSignal): Promise<PullResult>;
  /** Takes note of why a pull whose time had come did not begin. */
  skip(id: string, error: string): Promise<void>;
}

export function createRegistrySources(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly pullRegistry: PullRegistry;
  readonly clock: () => Date;
}): RegistrySources {
  const { store, pullRegistry, clock } = deps;
  const seen = (by: Principal) =>
    store
      .state()
      .registries.filter(
        ({ owner }) => owner === by.username || by.permissions.has('servers:write-any'),
      );
  const required = (id: string, by: Principal): RegistrySource => {
    const found = seen(by).find((source) => source.id === id);
    if (found !== undefined) return found;
    throw new RegistryError(
      'registry-not-found',
      'There is no such registry among those followed.',
    );
  };
  const record = (id: string, learned: Pick<RegistrySource, 'changedUntil' | 'lastPull'>) =>
    store.commit(({ registries }) => ({
      registries: registries.map((each) => (each.id === id ? { ...each, ...learned } : each)),
    }));
  return {
    list: seen,
    add: async (input, by) => {
      const wanted = validate(registrySourceInputSchema, input);
      const source: RegistrySource = {
        id: randomBytes(6).toString('hex'),
        ...wanted,
        owner: by.username,
        createdAt: clock().toISOString(),
      };
      await store.commit(({ registries }) => {
        requireRoom(registries, source);
        return { registries: [...registries, source] };
      });
      return source;
    },
    remove: async (id, by) => {
      required(id, by);
      await store.commit(({ registries }) => ({
        registries: registries.filter((source) => source.id !== id),
      }));
    },
    pull: async (id, input, by, signal) => {
      const { dryRun, full } = validate(sourcePullInputSchema, input);
      const { url, search, existing, changedUntil } = required(id, by);
      const updatedSince = full ? undefined : changedUntil;
      const wanted = { url, search, existing, updatedSince, dryRun };
      const at = clock().toISOString();
      try {
        const pulled = await pullRegistry(wanted, by, signal);
        if (dryRun) return pulled;
        const until = pulled.changedUntil ?? changedUntil;
        const lastPull = { at, outcomes: countOutcomes(pulled.results) };
        await record(id, { lastPull, ...(until !== undefined && { changedUntil: until }) });
        return pulled;
      } catch (thrown) {
        if (!dryRun && !signal.aborted && thrown instanceof RegistryError) {
          await record(id, { lastPull: { at, error: messageOf(thrown) } });
        }
        throw thrown;
      }
    },
    skip: async (id, error) => {
      await record(id, { lastPull: { at: clock().toISOString(), error } });
    },
  };
}

function requireRoom(registries: readonly RegistrySource[], { url, search }: RegistrySource): void {
  const complain = (message: string) => validationError([{ field: 'url', message }]);
  if (registries.some((each) => each.url === url && each.search === search)) {
    throw complain('is followed already');
  }
  if (registries.length >= MAX_SOURCES) {
    throw complain(`is one too many: ${MAX_SOURCES} registries can be followed`);
  }
}
