import { createHash } from 'node:crypto';
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { SessionData } from 'express-session';
import type { Request } from 'express';
import type { Authenticator } from '../access/authenticator.js';
import type { Arrival, Visitor } from '../access/visitor.js';
import { bearerOf } from './guard.js';
import { createCallerLookup, createPlainApp } from './plain-app.js';
import { contextOf, identifyRequest } from './request-context.js';
import { isOver, type SessionDeps } from './session.js';

interface UpgradeDeps extends SessionDeps {
  readonly authenticator: Authenticator;
  /** The same without an eye on when tokens are used: to stay connected is not to use it again and again. */
  readonly glance: Pick<Authenticator, 'ofSession' | 'ofToken'>;
  readonly publicUrl: string;
  /** Besides the public one and the host that was called; lower case. */
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
}

/**
 * Finds out who asks to change to another protocol, with the same session, limits and proxies as every other request. A
 * browser sends its cookie whichever page opens a WebSocket, so a session counts only for pages of our own. To stay
 * connected does not prolong a session.
 */
export function createUpgradeArrival(
  deps: UpgradeDeps,
): (request: IncomingMessage) => Promise<Arrival> {
  const app = createPlainApp(deps.trustedProxies);
  const waiting = new WeakMap<IncomingMessage, (arrival: Arrival) => void>();
  app.use(identifyRequest, ...createCallerLookup(deps), (req) => {
    waiting.get(req)?.(arrivalOf(req, deps));
  });
  return (request) =>
    new Promise((resolve, reject) => {
      waiting.set(request, resolve);
      // Never sent: it only bears what middleware hangs on it.
      app(request as Request, new ServerResponse(request) as Parameters<typeof app>[1], reject);
    });
}

function arrivalOf(req: Request, deps: UpgradeDeps): Arrival {
  const token = bearerOf(req);
  if (token === undefined && !isOfOurPages(req, deps)) return { kind: 'foreign-origin' };
  const { principal } = contextOf(req);
  if (principal === undefined) return { kind: 'unknown' };
  const visitor: Visitor =
    token === undefined
      ? { principal, credential: digest(`session ${req.sessionID}`), again: sessionOf(req, deps) }
      : {
          principal,
          credential: digest(`token ${token}`),
          again: () => Promise.resolve(deps.glance.ofToken(token)),
        };
  return { kind: 'known', visitor };
}

/** Looks the session up without touching it. */
function sessionOf(req: Request, { sessionStore, glance, clock }: UpgradeDeps): Visitor['again'] {
  const { sessionID } = req;
  return async () => {
    const data = await new Promise<SessionData | null | undefined>((resolve, reject) => {
      sessionStore.get(sessionID, (fault: unknown, found) => {
        if (fault instanceof Error) reject(fault);
        else resolve(found);
      });
    });
    if (!data || isOver(data, clock())) return undefined;
    const { username, begunAt } = data;
    return glance.ofSession({ username, begunAt });
  };
}

function isOfOurPages(req: Request, { publicUrl, allowedOrigins }: UpgradeDeps): boolean {
  const origin = req.get('origin')?.toLowerCase();
  // Browsers always send it when they open a WebSocket (RFC 6455, 4.1): this is a script.
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const isOwn = origin === new URL(publicUrl).origin || new URL(origin).host === req.host;
  return isOwn || allowedOrigins.includes(origin);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
