import { randomUUID } from 'node:crypto';
import type { Account, TokenRecord } from '../../registry/access/account.js';
import type { Group } from '../../registry/access/group.js';
import { hashPassword } from '../../registry/access/password.js';
import { hashToken, makeToken } from '../../registry/access/token.js';

const AT = '2026-01-01T00:00:00.000Z';
const END = '2100-01-01T00:00:00.000Z';

/** Accounts, groups and tokens of a benched registry. */
export interface BenchAccess {
  readonly accounts: readonly Account[];
  readonly groups: readonly Group[];
  readonly tokens: readonly TokenRecord[];
}

/** Two callers of one server: one may use all of its tools, one some of them. */
export interface BenchCallers extends BenchAccess {
  readonly bearers: { readonly whole: string; readonly limited: string };
}

export const NOBODY: BenchAccess = { accounts: [], groups: [], tokens: [] };

/** @param server path of the server that the callers may use */
export async function benchCallers(server: string): Promise<BenchCallers> {
  const groups = [
    groupOf('whole', { servers: [server], tools: ['*'], denyTools: [] }),
    groupOf('limited', {
      servers: [server],
      tools: ['search_documents', 'get_document', 'list_*'],
      denyTools: ['list_secrets'],
    }),
  ];
  const accounts = [
    // Only an administrator who could log in counts as one.
    {
      ...accountOf('admin', { roles: ['admin'], groups: [] }),
      passwordHash: await hashPassword(randomUUID()),
    },
    accountOf('bench', { roles: ['developer'], groups: groups.map(({ name }) => name) }),
  ];
  const bearers = { whole: makeToken(), limited: makeToken() };
  const tokens = [tokenOf('whole', bearers.whole), tokenOf('limited', bearers.limited)];
  return { accounts, groups, tokens, bearers };
}

/**
 * The same callers among many tokens, each of which may use all of that server as well.
 * @param count how many tokens there are in all
 */
export function manyTokens(
  callers: BenchCallers,
  count: number,
): BenchCallers & { readonly extra: readonly string[] } {
  const extra = Array.from({ length: count - callers.tokens.length }, () => makeToken());
  const records = extra.map((token, index) => ({
    ...tokenOf('whole', token),
    id: `extra-${index}`,
    name: `extra ${index}`,
  }));
  return { ...callers, tokens: [...callers.tokens, ...records], extra };
}

function groupOf(name: string, rule: Pick<Group, 'servers' | 'tools' | 'denyTools'>): Group {
  return { name, description: '', ...rule, createdAt: AT, updatedAt: AT };
}

function accountOf(username: string, rights: Pick<Account, 'roles' | 'groups'>): Account {
  return { username, ...rights, disabled: false, createdAt: AT };
}

/** Tokens end, as most do, so that the gate has to look at the clock. */
function tokenOf(name: string, token: string): TokenRecord {
  return {
    id: name,
    name,
    sha256: hashToken(token),
    owner: 'bench',
    scopes: [],
    groups: [name],
    createdAt: AT,
    expiresAt: END,
  };
}
