import type { Server } from '../../catalog/server.js';

/** When what is published of servers was changed last, by people or by what was found out. */
export interface PublishedChanges {
  /**
   * Whoever follows the registry must hear of a server that nginx no longer routes, or that speaks another transport now.
   * A change counts from when somebody first reads of it: those who read before then ask for later ones.
   * @param found what is published of it and is nobody's decision
   * @returns ISO 8601
   */
  updatedAt(server: Pick<Server, 'path' | 'updatedAt'>, found: object): string;
}

/** Since the registry started: before that, what people decided is all that is known. */
export function createPublishedChanges(clock: () => Date): PublishedChanges {
  const known = new Map<string, { readonly found: string; readonly changedAt: string }>();
  return {
    updatedAt: ({ path, updatedAt }, found) => {
      const text = JSON.stringify(found);
      const before = known.get(path);
      const changedAt =
        before === undefined || before.found === text
          ? (before?.changedAt ?? updatedAt)
          : clock().toISOString();
      known.set(path, { found: text, changedAt });
      return changedAt > updatedAt ? changedAt : updatedAt;
    },
  };
}
