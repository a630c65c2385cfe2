import type { z } from 'zod';
import {
  accessOfHolder,
  holderOfToken,
  holderOfUser,
  type AccessHolder,
} from '../../access/access-holder.js';
import { explainAccess, type AccessExplanation } from '../../access/explain-access.js';
import { matches } from '../../access/policy.js';
import type { Principal } from '../../access/principal.js';
import type { Server } from '../../catalog/server.js';
import { RegistryError } from '../../errors.js';
import type { RegistryState, Store } from '../../store/store.js';
import { explainInputSchema, type serverAccessSchema } from './access-view.js';
import { requireReadable } from '../servers/server-lookup.js';
import { managesTokens } from './token-grant.js';
import { validate } from '../validate.js';

type ServerAccessView = z.output<typeof serverAccessSchema>;

/** Who may use what, and why. */
export interface AccessQueries {
  /**
   * Tokens and accounts of others are for those who manage them.
   * @throws RegistryError `validation-failed`, `server-not-found`, `token-not-found`, `user-not-found`, `forbidden`
   */
  explain(input: unknown, by: Principal): AccessExplanation;
  /** @throws RegistryError `server-not-found` */
  ofServer(path: string, by: Principal): ServerAccessView;
}

export function createAccessQueries(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly clock: () => Date;
}): AccessQueries {
  const { store, clock } = deps;
  return {
    explain: (input, by) => {
      const wanted = validate(explainInputSchema, input);
      const state = store.state();
      const { server } = requireReadable(state, wanted.server, by.visibility);
      const holder = holderNamed(wanted, { server, state, by, now: clock() });
      return explainAccess(server, holder, state.groups, wanted.tool);
    },
    ofServer: (path, by) => {
      const state = store.state();
      const { server } = requireReadable(state, path, by.visibility);
      return {
        access: server.access,
        groups: groupsOf(server, state),
        ...(by.permissions.has('users:manage') && { users: usersOf(server, state) }),
        ...(managesTokens(by) && { tokens: tokensOf(server, state, clock()) }),
      };
    },
  };
}

interface Question {
  readonly server: Server;
  readonly state: RegistryState;
  readonly by: Principal;
  readonly now: Date;
}

function holderNamed(
  { token: id, user, groups = [] }: z.output<typeof explainInputSchema>,
  { server, state, by, now }: Question,
): AccessHolder {
  if (id !== undefined) {
    const token = state.tokens.find((each) => each.id === id);
    if (token === undefined || (token.owner !== by.username && !managesTokens(by))) {
      throw new RegistryError('token-not-found', 'There is no such token.');
    }
    return holderOfToken(token, ownerOf(token, state), server, now);
  }
  if (user === undefined) return { kind: 'groups', groups };
  if (user !== by.username && !by.permissions.has('users:manage')) {
    throw new RegistryError('forbidden', 'The access of others needs the permission users:manage.');
  }
  const account = state.accounts.find(({ username }) => username === user);
  if (account !== undefined) return holderOfUser(account, server);
  throw new RegistryError('user-not-found', `There is no user ${JSON.stringify(user)}.`);
}

function ownerOf({ owner }: { readonly owner: string }, { accounts }: RegistryState) {
  return accounts.find(({ username }) => username === owner);
}

function groupsOf(server: Server, { groups }: RegistryState): ServerAccessView['groups'] {
  return groups
    .filter(({ servers }) => servers.some((pattern) => matches(pattern, server.path)))
    .map(({ name, tools, denyTools }) => {
      const { kind } = accessOfHolder({ kind: 'groups', groups: [name] }, server, groups);
      return { name, tools, denyTools, grants: kind };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function usersOf(server: Server, { accounts, groups }: RegistryState) {
  return accounts.flatMap((account) => {
    const holder = holderOfUser(account, server);
    const { kind } = accessOfHolder(holder, server, groups);
    if (kind === 'none') return [];
    return [{ username: account.username, grants: kind, via: viaOf(holder, server, groups) }];
  });
}

function viaOf(holder: AccessHolder, { path }: Server, groups: RegistryState['groups']): string {
  if (holder.kind !== 'groups') return holder.why;
  const naming = groups.filter(
    ({ name, servers }) =>
      holder.groups.includes(name) && servers.some((pattern) => matches(pattern, path)),
  );
  return `groups: ${naming.map(({ name }) => name).join(', ')}`;
}

function tokensOf(server: Server, state: RegistryState, now: Date) {
  const owners = new Map(state.accounts.map((account) => [account.username, account]));
  return state.tokens.flatMap((token) => {
    const holder = holderOfToken(token, owners.get(token.owner), server, now);
    const { kind } = accessOfHolder(holder, server, state.groups);
    if (kind === 'none') return [];
    return [{ id: token.id, name: token.name, owner: token.owner, grants: kind }];
  });
}
