import { z } from 'zod';
import { groupSchema, type Group } from '../../access/group.js';
import type { RegistryState } from '../../store/store.js';

/** A group, and how many would feel a change of it. */
export const groupViewSchema = z.strictObject({
  ...groupSchema.shape,
  tokens: z.int().meta({ description: 'How many tokens name it.' }),
  users: z.int().meta({ description: 'How many users are in it.' }),
});
export type GroupView = z.output<typeof groupViewSchema>;

/** @returns the way to view groups of this state; counts are taken once */
export function createGroupViewer(
  state: Pick<RegistryState, 'tokens' | 'accounts'>,
): (group: Group) => GroupView {
  const tokens = countNames(state.tokens);
  const users = countNames(state.accounts);
  return (group) => ({
    ...group,
    servers: [...group.servers],
    tools: [...group.tools],
    denyTools: [...group.denyTools],
    tokens: tokens.get(group.name) ?? 0,
    users: users.get(group.name) ?? 0,
  });
}

function countNames(
  records: readonly { readonly groups: readonly string[] }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of records.flatMap(({ groups }) => [...new Set(groups)])) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
