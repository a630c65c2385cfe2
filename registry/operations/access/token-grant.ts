import type { TokenRecord } from '../../access/account.js';
import { SCOPES, type Principal, type Scope } from '../../access/principal.js';
import { viewThrough } from '../../access/visibility.js';
import type { ServerPath } from '../../catalog/server-path.js';
import { RegistryError, type FieldProblem } from '../../errors.js';
import type { RegistryState } from '../../store/store.js';

const DAY_MS = 86_400_000;

/** What a new token is asked to be good for. */
export interface WantedGrant {
  readonly scopes?: readonly Scope[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly server?: ServerPath | undefined;
  readonly expiresInDays?: number | undefined;
}

/** What it will be good for. */
export type Grant = Pick<TokenRecord, 'groups' | 'scopes' | 'expiresAt'> & {
  readonly server?: ServerPath;
};

/** Who asks for a token, and in which state of the registry. */
export interface Asker {
  readonly principal: Principal;
  /** The token that asks, when it is one. */
  readonly token: TokenRecord | undefined;
  readonly state: RegistryState;
}

/** Whether tokens of everybody are the principal's business, and all groups in their gift. */
export function managesTokens(principal: Principal): boolean {
  return principal.permissions.has('tokens:manage');
}

/** @throws RegistryError `authentication-required` when the token that asks was revoked a moment ago */
export function askerOf(principal: Principal, state: RegistryState): Asker {
  const token = state.tokens.find(({ id }) => id === principal.tokenId);
  if (principal.kind === 'token' && token === undefined) {
    throw new RegistryError('authentication-required', 'The bearer token was revoked meanwhile.');
  }
  return { principal, token, state };
}

/**
 * Fills in what was left out. Scopes are `read`, or none when the token is for the gateway; groups are those of the
 * caller that there are when only a server is named. A token that makes a token passes its own end on.
 */
export function completeGrant(wanted: WantedGrant, asker: Asker, now: Date): Grant {
  const { server, expiresInDays } = wanted;
  const isForGateway = wanted.groups !== undefined || server !== undefined;
  const expiresAt =
    expiresInDays === undefined
      ? asker.token?.expiresAt
      : new Date(now.getTime() + expiresInDays * DAY_MS).toISOString();
  return {
    scopes: [...(wanted.scopes ?? (isForGateway ? [] : (['read'] as const)))],
    groups: [...(wanted.groups ?? (server === undefined ? [] : ownGroups(asker)))],
    ...(server !== undefined && { server }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** An account may be in groups that are gone or still to come; those of an identity provider often are. */
function ownGroups({ principal, state }: Asker): readonly string[] {
  const existing = new Set(state.groups.map(({ name }) => name));
  return principal.groups.filter((name) => existing.has(name));
}

/**
 * What speaks against it: nobody gives away what they do not have, and no token makes one that may do more or lives
 * longer than itself.
 */
export function problemsOfGrant(grant: Grant, asker: Asker): FieldProblem[] {
  return [
    ...problemsOfScopes(grant, asker),
    ...problemsOfGroups(grant, asker),
    ...problemsOfServer(grant, asker),
    ...problemsOfEnd(grant, asker),
  ];
}

function problemsOfScopes({ scopes }: Grant, { principal, token }: Asker): FieldProblem[] {
  return scopes.flatMap((scope, index) => {
    const field = `scopes.${index}`;
    // Whatever a scope says, a token is never good for more than the roles of its owner.
    if (scope === 'admin' && !managesTokens(principal)) {
      return [{ field, message: '"admin" is for administrators; take "write" or "read"' }];
    }
    const isHeld = token === undefined || token.scopes.some((own) => rank(own) >= rank(scope));
    return isHeld ? [] : [{ field, message: `"${scope}" is more than the token that asks has` }];
  });
}

function problemsOfGroups({ groups }: Grant, { principal, state }: Asker): FieldProblem[] {
  const existing = new Set(state.groups.map(({ name }) => name));
  return groups.flatMap((name, index) => {
    const field = `groups.${index}`;
    if (!managesTokens(principal) && !principal.groups.includes(name)) {
      const own = principal.groups.length > 0 ? principal.groups.join(', ') : 'none';
      return [{ field, message: `"${name}" is not one of your groups (${own})` }];
    }
    if (existing.has(name)) return [];
    return [{ field, message: `there is no group "${name}"; make it first (POST /api/groups)` }];
  });
}

function problemsOfServer({ server }: Grant, { principal, token, state }: Asker): FieldProblem[] {
  const field = 'server';
  if (token?.server !== undefined && server !== token.server) {
    return [{ field, message: `must be ${token.server}: the token that asks is for it alone` }];
  }
  if (server === undefined) return [];
  const found = state.catalog.servers.get(server);
  const view = viewThrough(principal.visibility, state.groups);
  if (found !== undefined && view(found).kind !== 'none') return [];
  return [{ field, message: `there is no server at ${server}` }];
}

function problemsOfEnd({ expiresAt }: Grant, { token }: Asker): FieldProblem[] {
  const end = token?.expiresAt;
  if (end === undefined) return [];
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(end)) return [];
  const message = `must end before the token that asks does (${end}); without it, both end together`;
  return [{ field: 'expiresInDays', message }];
}

/** Each scope includes the ones before it. */
function rank(scope: Scope): number {
  return SCOPES.indexOf(scope);
}
