import { createHash } from 'node:crypto';
import { groupName, type Role } from './principal.js';

/** What the identity provider says of somebody: the claims of an ID token, an access token or userinfo. */
export type Claims = Readonly<Record<string, unknown>>;

/** Which role a group of the provider gives. */
export interface RoleMapping {
  readonly group: string;
  readonly role: Role;
}

/** Names of claims that may hold a user name, after the configured one. */
const USERNAME_FALLBACKS = ['email', 'sub'];
const MAX_USERNAME_LENGTH = 100;
/** Nobody is in more groups than this; a token that says so is not worth our memory. */
const MAX_GROUPS = 500;
/** Safe in logs, headers, file names and nginx variables. A colon is not among them: see `subjectPrincipal`. */
const PLAIN_SUBJECT = /^[A-Za-z0-9._@|-]{1,128}$/;

/**
 * A claim by its name or, when there is none of that name, by the way to it through objects
 * (`realm_access.roles`). The name comes first: some providers have names with dots, such as
 * `https://example.com/groups`.
 */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((at, key) => {
    const within = typeof at === 'object' && at !== null && Object.hasOwn(at, key);
    return within ? (at as Claims)[key] : undefined;
  }, claims);
}

/**
 * Everything that the groups claim names: an array of text, or one text with names between spaces.
 * A leading slash is dropped: Keycloak writes groups as paths (`/mcp-admins`).
 */
export function namedGroups(claims: Claims, groupsClaim: string): readonly string[] {
  const value = claimAt(claims, groupsClaim);
  const items: readonly unknown[] =
    typeof value === 'string' ? value.split(/\s+/) : Array.isArray(value) ? value : [];
  const names = items
    .filter((item) => typeof item === 'string')
    .map(withoutLeadingSlash)
    .filter((name) => name !== '');
  return [...new Set(names)].slice(0, MAX_GROUPS);
}

/** Those of the named groups that can be groups here. */
export function groupsOf(claims: Claims, groupsClaim: string): readonly string[] {
  return namedGroups(claims, groupsClaim).filter((name) => groupName.safeParse(name).success);
}

/** The roles that the named groups give, and `viewer` when they give none. */
export function rolesOf(
  named: readonly string[],
  roleMap: readonly RoleMapping[],
): readonly Role[] {
  const roles = roleMap
    .filter(({ group }) => named.includes(withoutLeadingSlash(group)))
    .map(({ role }) => role);
  return roles.length === 0 ? ['viewer'] : [...new Set(roles)];
}

/** A user name made of the claim, with "-" for what user names may not have; `user` when nothing is left. */
export function usernameOf(claims: Claims, usernameClaim: string): string {
  const candidates = [usernameClaim, ...USERNAME_FALLBACKS]
    .map((name) => claimAt(claims, name))
    .filter((value) => typeof value === 'string')
    .map((value) =>
      value
        .normalize('NFKD')
        .replace(/\p{Mn}/gu, '')
        .replace(/[^A-Za-z0-9._@-]+/g, '-')
        .replace(/^[^A-Za-z0-9]+|-+$/g, '')
        .slice(0, MAX_USERNAME_LENGTH),
    );
  return candidates.find((name) => name !== '') ?? 'user';
}

/** What to call somebody; undefined when the provider does not say. */
export function displayNameOf(claims: Claims): string | undefined {
  const { name } = claims;
  if (typeof name !== 'string') return undefined;
  const plain = name
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 200);
  return plain === '' ? undefined : plain;
}

/**
 * How the gate names the holder of a token of the provider: `oidc:<subject>`, or, since a subject may be
 * any text, `oidc:sha256:<hex>` when it has characters that are not safe everywhere. No plain subject
 * has a colon, so that nobody can be called what somebody else's digest is.
 */
export function subjectPrincipal(subject: string): string {
  if (PLAIN_SUBJECT.test(subject)) return `oidc:${subject}`;
  return `oidc:sha256:${createHash('sha256').update(subject).digest('hex')}`;
}

function withoutLeadingSlash(name: string): string {
  return name.replace(/^\//, '');
}
