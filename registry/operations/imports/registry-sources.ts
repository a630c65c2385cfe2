import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import {
  changeRegistrySource,
  registrySourceInputSchema,
  registrySourcePatchSchema,
  wantsTheSame,
  type RegistrySource,
} from '../../catalog/registry-source.js';
import { messageOf, RegistryError, type FieldProblem } from '../../errors.js';
import type { RegistryState, Store } from '../../store/store.js';
import type { PullRegistry, PullResult } from './pull-registry.js';
import { countOutcomes, takingFields } from './take-entries.js';
import { validate, validationError } from '../validate.js';

export const sourcePullInputSchema = z.strictObject({
  dryRun: takingFields.dryRun,
  full: z.boolean().default(false).meta({
    description: 'Reads the whole list, and not only what has changed since the last pull.',
  }),
});

const MAX_SOURCES = 50;
const HINTS = { url: 'cannot be changed: follow the other registry and remove this one' };

/**
 * Registries that are followed. People see and use those that they added, and all of them with the permission for
 * everybody's servers.
 */
export interface RegistrySources {
  list(by: Principal): readonly RegistrySource[];
  /** @throws RegistryError `validation-failed` */
  add(input: unknown, by: Principal): Promise<RegistrySource>;
  /** Changes the fields that are given. @throws RegistryError `validation-failed`, `registry-not-found` */
  change(id: string, input: unknown, by: Principal): Promise<RegistrySource>;
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
  const seen = (by: Principal, { registries } = store.state()) =>
    registries.filter(
      ({ owner }) => owner === by.username || by.permissions.has('servers:write-any'),
    );
  const required: Required = (id, by, state) => {
    const found = seen(by, state).find((source) => source.id === id);
    if (found !== undefined) return found;
    throw new RegistryError(
      'registry-not-found',
      'There is no such registry among those followed.',
    );
  };
  const replace: Replace = (id, change) =>
    store.commit(({ registries }) => ({
      registries: registries.map((each) => (each.id === id ? change(each) : each)),
    }));
  return {
    list: (by) => seen(by),
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
    change: async (id, input, by) => {
      const patch = validate(registrySourcePatchSchema, input, HINTS);
      const source = required(id, by);
      if (changeRegistrySource(source, patch) === source) return source;
      const state = await store.commit((newest) => {
        const before = required(id, by, newest);
        const changed = changeRegistrySource(before, patch);
        const others = newest.registries.filter((each) => each !== before);
        requireNew(others, changed, {
          field: 'search',
          message: `is that of another one that is followed at ${changed.url}; choose another, or remove that one`,
        });
        return { registries: newest.registries.map((each) => (each === before ? changed : each)) };
      });
      return required(id, by, state);
    },
    remove: async (id, by) => {
      required(id, by);
      await store.commit(({ registries }) => ({
        registries: registries.filter((source) => source.id !== id),
      }));
    },
    pull: createSourcePull({ pullRegistry, clock, required, replace }),
    skip: async (id, error) => {
      const lastPull = { at: clock().toISOString(), error };
      await replace(id, (now) => ({ ...now, lastPull }));
    },
  };
}

/** One that the principal may see. @throws RegistryError `registry-not-found` */
type Required = (id: string, by: Principal, state?: RegistryState) => RegistrySource;
/** One that is not there any more stays so. */
type Replace = (id: string, change: (now: RegistrySource) => RegistrySource) => Promise<unknown>;

function createSourcePull(deps: {
  readonly pullRegistry: PullRegistry;
  readonly clock: () => Date;
  readonly required: Required;
  readonly replace: Replace;
}): RegistrySources['pull'] {
  const { pullRegistry, clock, required, replace } = deps;
  return async (id, input, by, signal) => {
    const { dryRun, full } = validate(sourcePullInputSchema, input);
    const source = required(id, by);
    const { url, search, existing, changedUntil } = source;
    const updatedSince = full ? undefined : changedUntil;
    const wanted = { url, search, existing, updatedSince, dryRun };
    const at = clock().toISOString();
    try {
      const pulled = await pullRegistry(wanted, by, signal);
      if (dryRun) return pulled;
      const until = pulled.changedUntil ?? changedUntil;
      const lastPull = { at, outcomes: countOutcomes(pulled.results) };
      await replace(id, (now) => ({
        ...now,
        lastPull,
        // What was learned by another search says nothing of this one.
        ...(until !== undefined && wantsTheSame(now, source) && { changedUntil: until }),
      }));
      return pulled;
    } catch (thrown) {
      if (!dryRun && !signal.aborted && thrown instanceof RegistryError) {
        await replace(id, (now) => ({ ...now, lastPull: { at, error: messageOf(thrown) } }));
      }
      throw thrown;
    }
  };
}

/** @throws RegistryError `validation-failed` */
function requireRoom(registries: readonly RegistrySource[], source: RegistrySource): void {
  requireNew(registries, source, { field: 'url', message: 'is followed already' });
  if (registries.length < MAX_SOURCES) return;
  const message = `is one too many: ${MAX_SOURCES} registries can be followed`;
  throw validationError([{ field: 'url', message }]);
}

/** @throws RegistryError `validation-failed` with the problem, when the same is followed already */
function requireNew(
  registries: readonly RegistrySource[],
  { url, search }: RegistrySource,
  problem: FieldProblem,
): void {
  if (registries.some((each) => each.url === url && each.search === search)) {
    throw validationError([problem]);
  }
}
