import session, { type SessionData } from 'express-session';
import type { Request, RequestHandler } from 'express';
import { csrfSync } from 'csrf-sync';
import { randomUUID } from 'node:crypto';
import type { SessionHandle } from './route.js';

declare module 'express-session' {
  interface SessionData {
    username: string;
    /** Names the session in lists; the id in the cookie is a secret. */
    publicId: string;
    /** ISO 8601; the session ends a fixed time after it, however busy it is. */
    begunAt: string;
    address: string;
    userAgent: string;
    /** Absent: it did not begin through the identity provider. */
    endSessionUrl?: string;
  }
}

export const SESSION_COOKIE = 'mcpgw_session';
const IDLE_MS = 60 * 60_000;
const ABSOLUTE_MS = 8 * 60 * 60_000;
/** Enough to tell browser and system; more is only there to fill the store. */
const USER_AGENT_LENGTH = 160;

export interface SessionDeps {
  readonly sessionStore: session.Store;
  /** Signs the cookie. */
  readonly secretKey: string;
  readonly clock: () => Date;
}

/** Loads the session that a cookie names; new ones are only made at log-in. */
export function createSessionLoader(deps: SessionDeps): RequestHandler {
  return session({
    store: deps.sessionStore,
    secret: deps.secretKey,
    name: SESSION_COOKIE,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    // `auto`: Secure when the caller came by https, as Express sees it through trusted proxies. No
    // Domain: the cookie stays with the host that set it, be it localhost, an address or a name.
    cookie: { httpOnly: true, sameSite: 'lax', path: '/', secure: 'auto', maxAge: IDLE_MS },
  });
}

/** Ends sessions that have lived long enough, and those that their owner could neither see nor end. */
export function createSessionLimit(clock: () => Date): RequestHandler {
  return async (req, _res, next) => {
    if (req.session.username !== undefined && isOver(req.session, clock())) await regenerate(req);
    next();
  };
}

/** Whether a session has lived long enough, or is one that its owner could not see. */
export function isOver(
  { begunAt, publicId }: Partial<Pick<SessionData, 'begunAt' | 'publicId'>>,
  now: Date,
): boolean {
  const age = begunAt === undefined ? Infinity : now.getTime() - Date.parse(begunAt);
  return age >= ABSOLUTE_MS || publicId === undefined;
}

/** Whether the browser sent a session cookie at all, whatever it is worth. */
export function hasSessionCookie(req: Request): boolean {
  const cookies = (req.headers.cookie ?? '').split(';');
  return cookies.some((cookie) => cookie.trim().startsWith(`${SESSION_COOKIE}=`));
}

export type Csrf = ReturnType<typeof csrfSync>;

/** CSRF tokens are kept in the session and compared with the header X-CSRF-Token. */
export function createCsrf(): Csrf {
  return csrfSync({ size: 32 });
}

/** What a handler may do with the session of its request. */
export function sessionHandleOf(
  req: Request,
  deps: { readonly csrf: Csrf; readonly clock: () => Date },
): SessionHandle {
  return {
    id: () => req.session.publicId,
    csrfToken: () => deps.csrf.generateToken(req),
    endSessionUrl: () => req.session.endSessionUrl,
    begin: async (username, endSessionUrl) => {
      // Before anything is awaited: a password that is changed from here on ends this session too.
      const begunAt = deps.clock().toISOString();
      // A new id, so that an id somebody planted before is worth nothing (session fixation).
      await regenerate(req);
      Object.assign(req.session, {
        username,
        begunAt,
        publicId: randomUUID(),
        address: req.ip ?? '',
        userAgent: (req.get('user-agent') ?? '').slice(0, USER_AGENT_LENGTH),
        ...(endSessionUrl !== undefined && { endSessionUrl }),
      });
      const token = deps.csrf.generateToken(req, true);
      await save(req);
      return token;
    },
    end: () => destroy(req),
    cookie: () =>
      req.session.username !== undefined
        ? 'accepted'
        : hasSessionCookie(req)
          ? 'unknown'
          : 'missing',
  };
}

function regenerate(req: Request): Promise<void> {
  return settled((done) => req.session.regenerate(done));
}

function save(req: Request): Promise<void> {
  return settled((done) => req.session.save(done));
}

function destroy(req: Request): Promise<void> {
  return settled((done) => req.session.destroy(done));
}

/** Awaits one of the callbacks of express-session. */
function settled(run: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run((error) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}
