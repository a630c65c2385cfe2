import session from 'express-session';
import type { Request, RequestHandler } from 'express';
import { csrfSync } from 'csrf-sync';
import type { SessionHandle } from './route.js';

declare module 'express-session' {
  interface SessionData {
    username: string;
    /** ISO 8601; the session ends a fixed time after it, however busy it is. */
    begunAt: string;
  }
}

export const SESSION_COOKIE = 'mcpgw_session';
const IDLE_MS = 60 * 60_000;
const ABSOLUTE_MS = 8 * 60 * 60_000;

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
    // `auto`: Secure when the caller came by https, as Express sees it through trusted proxies.
    cookie: { httpOnly: true, sameSite: 'lax', path: '/', secure: 'auto', maxAge: IDLE_MS },
  });
}

/** Ends sessions that have lived long enough. */
export function createSessionLimit(clock: () => Date): RequestHandler {
  return async (req, _res, next) => {
    const { begunAt } = req.session;
    if (begunAt !== undefined && clock().getTime() - Date.parse(begunAt) >= ABSOLUTE_MS) {
      await regenerate(req);
    }
    next();
  };
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
    csrfToken: () => deps.csrf.generateToken(req),
    begin: async (username) => {
      // A new id, so that an id somebody planted before is worth nothing (session fixation).
      await regenerate(req);
      req.session.username = username;
      req.session.begunAt = deps.clock().toISOString();
      const token = deps.csrf.generateToken(req, true);
      await save(req);
      return token;
    },
    end: () => destroy(req),
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
