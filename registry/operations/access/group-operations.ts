import { isDeepStrictEqual } from 'node:util';
import { groupInputSchema, groupPatchSchema, type Group } from '../../access/group.js';
import { RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { RegistryState, Store } from '../../store/store.js';
import { createGroupViewer, type GroupView } from './group-view.js';
import { validate } from '../validate.js';

const HINTS = { name: 'cannot be changed: tokens and users name the group by it' };

/** Groups: which servers and tools those may use who are in them. `by` is the user name of the caller. */
export interface GroupOperations {
  /** In the order of their names. */
  list(): readonly GroupView[];
  /** @throws RegistryError `group-not-found` */
  get(name: string): GroupView;
  /** @throws RegistryError `validation-failed`, `group-name-taken`, `gate-write-failed` */
  create(input: unknown, by: string): Promise<GroupView>;
  /**
   * Changes the fields that are given; lists are replaced as a whole. Holds at the gateway from the next request on.
   * @throws RegistryError `validation-failed`, `group-not-found`, `gate-write-failed`
   */
  change(name: string, input: unknown, by: string): Promise<GroupView>;
  /** Tokens and users that name it get nothing from it any more. @throws RegistryError `group-not-found`, `gate-write-failed` */
  remove(name: string, by: string): Promise<void>;
}

export function createGroupOperations(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly clock: () => Date;
  readonly log: Log;
}): GroupOperations {
  const { store, clock, log } = deps;
  const viewOf = (state: RegistryState, name: string) =>
    createGroupViewer(state)(requireGroup(state.groups, name));
  return {
    list: () => {
      const state = store.state();
      return [...state.groups].sort(byName).map(createGroupViewer(state));
    },
    get: (name) => viewOf(store.state(), name),

    create: async (input, by) => {
      const fields = validate(groupInputSchema, input);
      const at = clock().toISOString();
      const state = await store.commit(({ groups }) => {
        requireFreeName(groups, fields.name);
        return { groups: [...groups, { ...fields, createdAt: at, updatedAt: at }] };
      });
      log.info('Group created.', { name: fields.name, by });
      return viewOf(state, fields.name);
    },

    change: async (name, input, by) => {
      const patch = validate(groupPatchSchema, input, HINTS);
      const before = requireGroup(store.state().groups, name);
      if (changesNothing(before, patch)) return viewOf(store.state(), name);
      const state = await store.commit(({ groups }) => {
        const group = requireGroup(groups, name);
        const changed: Group = { ...group, ...given(patch), updatedAt: clock().toISOString() };
        return { groups: groups.map((each) => (each === group ? changed : each)) };
      });
      log.info('Group changed.', { name, fields: Object.keys(patch), by });
      return viewOf(state, name);
    },

    remove: async (name, by) => {
      await store.commit(({ groups }) => {
        const group = requireGroup(groups, name);
        return { groups: groups.filter((each) => each !== group) };
      });
      log.info('Group removed.', { name, by });
    },
  };
}

/** @throws RegistryError `group-not-found` */
function requireGroup(groups: readonly Group[], name: string): Group {
  const group = groups.find((each) => each.name === name);
  if (group !== undefined) return group;
  throw new RegistryError(
    'group-not-found',
    `There is no group ${JSON.stringify(name.slice(0, 200))}.`,
  );
}

/** @throws RegistryError `group-name-taken` */
function requireFreeName(groups: readonly Group[], name: string): void {
  if (!groups.some((group) => group.name === name)) return;
  throw new RegistryError(
    'group-name-taken',
    `There is a group "${name}" already; change it (PATCH) or choose another name.`,
  );
}

type GroupPatch = ReturnType<typeof groupPatchSchema.parse>;

/** What was given; a field that is undefined was not. */
function given(patch: GroupPatch): Partial<Group> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function changesNothing(group: Group, patch: GroupPatch): boolean {
  return isDeepStrictEqual({ ...group, ...given(patch) }, { ...group });
}

function byName(a: Group, b: Group): number {
  return a.name < b.name ? -1 : 1;
}
