import type { Request, RequestHandler } from 'express';
import type { Authenticator } from '../access/authenticator.js';
import type { Permission, Principal } from '../access/principal.js';
import { requirePermission } from '../access/require-permission.js';
import { RegistryError } from '../errors.js';
import { contextOf } from './request-context.js';
import { hasSessionCookie, type Csrf } from './session.js';

const BEARER = /^Bearer +(\S+) *$/i;

/**
 * Finds out who calls. A request that carries a bearer token is judged by the token alone: a bad one
 * does not become a good request because a cookie came with it.
 */
export function createIdentification(
  authenticator: Pick<Authenticator, 'ofToken' | 'ofSession'>,
): RequestHandler {
  return (req, _res, next) => {
    const token = bearerOf(req);
    const { username, begunAt } = req.session;
    const principal =
      token !== undefined
        ? authenticator.ofToken(token)
        : username !== undefined && begunAt !== undefined
          ? authenticator.ofSession({ username, begunAt })
          : undefined;
    const context = contextOf(req);
    if (principal === undefined) delete context.principal;
    else context.principal = principal;
    next();
  };
}

/** What a guard has to know of a route. */
interface GuardedFacts {
  readonly permission: Permission | 'authenticated';
  readonly beforePasswordChange?: boolean;
}

/**
 * Lets only callers pass that have the permission, browsers only with their CSRF token, and people who
 * must choose a new password only where the route says so.
 */
export function createGuard(route: GuardedFacts, csrf: Csrf): RequestHandler {
  const { permission, beforePasswordChange = false } = route;
  return (req, _res, next) => {
    const principal = requirePrincipal(req);
    if (principal.kind === 'user' && isUnsafe(req) && !csrf.isRequestValid(req)) {
      throw new RegistryError(
        'csrf-token-invalid',
        'Send the csrfToken of GET /api/me in the header X-CSRF-Token.',
      );
    }
    if (principal.mustChangePassword === true && !beforePasswordChange) {
      throw new RegistryError(
        'password-change-required',
        'Choose a new password first: POST /api/me/password with currentPassword and newPassword.',
      );
    }
    if (permission !== 'authenticated') requirePermission(principal, permission);
    next();
  };
}

/**
 * Keeps other sites from posting to public routes, where no CSRF token can exist yet (log-in CSRF).
 * @param publicUrl where browsers may come from besides the host they called
 */
export function createCrossSiteRefusal(publicUrl: string): RequestHandler {
  const publicHost = new URL(publicUrl).host;
  return (req, _res, next) => {
    if (isUnsafe(req) && !isOfOurSite(req, publicHost)) {
      throw new RegistryError('forbidden', 'Requests from other sites are not taken here.');
    }
    next();
  };
}

/** @throws RegistryError `authentication-required` */
export function requirePrincipal(req: Request): Principal {
  const { principal } = contextOf(req);
  if (principal !== undefined) return principal;
  throw new RegistryError('authentication-required', whyUnknown(req));
}

/** Whether the browser kept the cookie is the one thing that a log-in page cannot see for itself. */
function whyUnknown(req: Request): string {
  if (bearerOf(req) !== undefined) {
    return 'The bearer token is not known here, has expired or was revoked.';
  }
  return hasSessionCookie(req)
    ? 'The session is not known here or has ended. Log in again (POST /api/login).'
    : 'No session cookie and no bearer token arrived. Log in (POST /api/login) or send a token. After a ' +
        'log-in that succeeded it means that the browser did not keep the cookie: allow cookies for this ' +
        'address, and if it was visited over https before, go on with https or delete its old cookie. ' +
        'GET /api/login/check tells what is known of it.';
}

/** Undefined: the request shows none; empty: one that cannot be read. */
export function bearerOf(req: Request): string | undefined {
  const header = req.get('authorization');
  if (header === undefined || !/^Bearer\b/i.test(header)) return undefined;
  return BEARER.exec(header)?.[1] ?? '';
}

function isUnsafe(req: Request): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(req.method);
}

/** Scripts send neither header. Browsers send Sec-Fetch-Site over https and to localhost, else Origin. */
function isOfOurSite(req: Request, publicHost: string): boolean {
  const site = req.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = req.get('origin');
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === req.host || host === publicHost;
}
