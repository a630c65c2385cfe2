import type { Account, TokenRecord } from './account.js';
import type { Group } from './group.js';

/** What a caller may use of the servers that match: the form in which gate records hold it. */
export interface AccessRule {
  readonly servers: readonly string[];
  readonly tools: readonly string[];
  readonly deny: readonly string[];
}

/** What administrators have: everything. */
export const UNRESTRICTED: readonly AccessRule[] = [{ servers: ['*'], tools: ['*'], deny: [] }];

/** What a caller may do on one server. */
export type ServerAccess =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'some';
      readonly tools: readonly string[];
      readonly deny: readonly string[];
      /** Who has all tools but some has what is no tool as well; who has a list of tools has that list. */
      readonly beyondTools: boolean;
    };

/** The rules of the named groups; names without a group give nothing. */
export function rulesOf(names: readonly string[], groups: readonly Group[]): AccessRule[] {
  return groups
    .filter(({ name }) => names.includes(name))
    .map(({ servers, tools, denyTools }) => ({ servers, tools, deny: denyTools }));
}

/** The groups that a token brings: those it was given, as far as its owner has them still. Administrators have all. */
export function groupsOfToken(
  token: Pick<TokenRecord, 'groups'>,
  owner: Pick<Account, 'roles' | 'groups'>,
): readonly string[] {
  if (owner.roles.includes('admin')) return token.groups;
  return token.groups.filter((name) => owner.groups.includes(name));
}

/**
 * Whether a token may use everything, whatever the groups say. An administrator's token may when its scope is admin, and
 * also when it names one server and no group: then that server is all there is, and it was named on purpose.
 */
export function isUnrestricted(
  token: Pick<TokenRecord, 'groups' | 'scopes' | 'server'>,
  owner: Pick<Account, 'roles'>,
): boolean {
  const isWide =
    token.scopes.includes('admin') || (token.server !== undefined && token.groups.length === 0);
  return isWide && owner.roles.includes('admin');
}

/**
 * Whether a token is confined to its groups, whatever its owner may: it is for an agent. A token without groups that has
 * a scope is its owner's hand at the API.
 */
export function isConfined({ groups, scopes }: Pick<TokenRecord, 'groups' | 'scopes'>): boolean {
  return !scopes.includes('admin') && (scopes.length === 0 || groups.length > 0);
}

/** What a token may use at the gateway. */
export function rulesOfToken(
  token: Pick<TokenRecord, 'groups' | 'scopes' | 'server'>,
  owner: Pick<Account, 'roles' | 'groups'>,
  groups: readonly Group[],
): readonly AccessRule[] {
  if (isUnrestricted(token, owner)) return UNRESTRICTED;
  return rulesOf(groupsOfToken(token, owner), groups);
}

/**
 * What the rules allow on the server: nothing by default, and what any rule for this server denies is denied.
 * The gate decides the same in nginx (nginx/njs/policy.js); both are tested with the same table.
 */
export function accessTo(server: string, rules: readonly AccessRule[]): ServerAccess {
  const mine = rules.filter(({ servers }) => servers.some((each) => matches(each, server)));
  const tools = mine.flatMap((rule) => rule.tools);
  const deny = mine.flatMap((rule) => rule.deny);
  if (tools.length === 0) return { kind: 'none' };
  const hasAll = tools.includes('*');
  if (hasAll && deny.length === 0) return { kind: 'all' };
  return { kind: 'some', tools, deny, beyondTools: hasAll && !deny.includes('*') };
}

/** Whether a tool may be called. */
export function mayCall(access: ServerAccess, tool: string): boolean {
  if (access.kind !== 'some') return access.kind === 'all';
  const has = (patterns: readonly string[]) => patterns.some((each) => matches(each, tool));
  return has(access.tools) && !has(access.deny);
}

/**
 * Whether there can be a tool that may be called. A pattern that is denied as it stands, its `*` being a letter like
 * others, is denied with everything that it stands for; any other has a name that no denial matches.
 */
export function givesAnyTool(access: ServerAccess): boolean {
  if (access.kind !== 'some') return access.kind === 'all';
  return access.tools.some((tool) => !access.deny.some((each) => matches(each, tool)));
}

/** Whether what is no tool may be used: prompts, resources, completion, tasks and all else that a server has. */
export function mayUseBeyondTools(access: ServerAccess): boolean {
  return access.kind === 'some' ? access.beyondTools : access.kind === 'all';
}

/** Whether `text` is what the pattern describes: `*` stands for any text, all else for itself. */
export function matches(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === text;
  const tail = parts.pop() ?? '';
  if (!text.startsWith(head) || text.length < head.length + tail.length) return false;
  if (!text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}
