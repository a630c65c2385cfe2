import type { z } from 'zod';
import type { Permission, Principal } from '../access/principal.js';
import type { AuditAction, AuditTarget } from '../audit/audit-entry.js';
import type { ErrorCode } from '../errors.js';
import type { Arrival, CookieState } from '../operations/access/login-check.js';

/** How a handler begins, continues and ends the session of its request. */
export interface SessionHandle {
  /** Names the session in lists; undefined without one. */
  id(): string | undefined;
  /** The token that unsafe requests of this session must carry. */
  csrfToken(): string;
  /**
   * Begins a new session under a new id.
   * @param endSessionUrl where to end the session at the identity provider as well
   * @returns its CSRF token
   */
  begin(username: string, endSessionUrl?: string): Promise<string>;
  /** Of a session that began through the identity provider: where to end it there, after it was ended here. */
  endSessionUrl(): string | undefined;
  end(): Promise<void>;
  /** What the browser sent of a session, if it is a browser. */
  cookie(): CookieState;
}

/** A request, reduced to what handlers need. Nothing in it is validated but the permission. */
export interface Call {
  /** Path parameters, decoded; a `{path}` of several segments is joined by slashes. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** `{}` when the request has no body. */
  readonly body: unknown;
  /** Undefined on public routes without valid credentials. */
  readonly principal: Principal | undefined;
  readonly session: SessionHandle;
  readonly address: string;
  /** Ends when the caller leaves before the answer. */
  readonly signal: AbortSignal;
  /** How the request came, through proxies that are trusted. */
  readonly arrival: Arrival;
  /** A header of the request, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Of If-Match: the revision that the server must have, if one was named. */
  readonly expectedRevision: () => number | undefined;
}

/** The same for routes that only known callers reach. */
interface AuthorisedCall extends Call {
  readonly principal: Principal;
}

/** Tells the caller of something before the answer; a caller who reads too slowly misses some of it. */
export type SendEvent = (event: string, data: unknown) => void;

export interface Reply<Body> {
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the audit log says of calls of a route. */
interface RouteAudit {
  readonly action: AuditAction;
  /** Its name when it was refused, where it has one of its own. */
  readonly refusedAs?: AuditAction;
  /** Whether it is only worth a line when something in the store has changed. */
  readonly onlyWhenTouched?: true;
  /** From path and body, neither of them validated. Without an id it is the record that the call changed. */
  target(call: Pick<Call, 'params' | 'body' | 'principal'>): AuditTarget;
}

interface RouteFacts<S extends z.ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in OpenAPI. `{path}`, `{group}` and `{serverName}` may be several segments; other parameters are one. */
  readonly path: `/${string}`;
  readonly tag:
    | 'Servers'
    | 'Tools'
    | 'Clients'
    | 'MCP registry'
    | 'Gateway'
    | 'Session'
    | 'Users'
    | 'Groups'
    | 'Tokens'
    | 'Audit'
    | 'Usage'
    | 'Health'
    | 'Pages';
  readonly summary: string;
  readonly description?: string;
  readonly request?: {
    readonly query?: z.ZodObject;
    readonly body?: z.ZodType;
    /** Whether an HTML form's encoding is taken as well. */
    readonly form?: boolean;
    /** Whether the body may be as large as a file with everything that a registry has. */
    readonly large?: boolean;
    readonly ifMatch?: boolean;
  };
  readonly success: {
    readonly status: 200 | 201 | 204 | 302;
    readonly description: string;
    readonly schema?: S;
    /** Of a body that is not JSON. */
    readonly mediaType?: string;
  };
  /** Besides those that every route of its kind has. */
  readonly errors: readonly ErrorCode[];
  /** Where people in browsers are led instead of a problem document, with `?error=<code>`. */
  readonly errorPage?: `/${string}`;
  /** Every route that changes something has it; `none` where an unsafe method changes nothing. */
  readonly audit?: RouteAudit | 'none';
}

/** A route that everybody may call. */
interface PublicRoute<S extends z.ZodType> extends RouteFacts<S> {
  readonly permission: 'public';
  handle(call: Call): Reply<z.output<S>> | Promise<Reply<z.output<S>>>;
}

/** A route that nginx alone may call, which shows its key. It is not documented to others. */
interface GateRoute<S extends z.ZodType> extends RouteFacts<S> {
  readonly permission: 'gate';
  handle(call: Call): Reply<z.output<S>> | Promise<Reply<z.output<S>>>;
}

/** A route for callers with a session or token, and, where one is named, the permission. */
interface GuardedRoute<S extends z.ZodType> extends RouteFacts<S> {
  readonly permission: Permission | 'authenticated';
  /** Whether people may call it who must choose a new password before anything else. */
  readonly beforePasswordChange?: true;
  handle(call: AuthorisedCall): Reply<z.output<S>> | Promise<Reply<z.output<S>>>;
  /**
   * For callers who rather have an event stream than JSON. After what was sent comes the event `result` with the body of
   * the reply, or `problem` with the problem document of what was thrown.
   */
  readonly stream?: {
    /** Of its events, for the documentation. */
    readonly description: string;
    handle(call: AuthorisedCall, send: SendEvent): Promise<Reply<z.output<S>>>;
  };
}

/** A route is a record: what is mounted, what is authorised and what is documented are one thing. */
export type Route = PublicRoute<z.ZodType> | GateRoute<z.ZodType> | GuardedRoute<z.ZodType>;

/** Checks a public route's answer against its schema when it is compiled. */
export function publicRoute<S extends z.ZodType>(route: PublicRoute<S>): Route {
  return route;
}

/** Checks the answer of a route for nginx against its schema when it is compiled. */
export function gateRoute<S extends z.ZodType>(route: GateRoute<S>): Route {
  return route;
}

/** Checks a guarded route's answer against its schema when it is compiled. */
export function guardedRoute<S extends z.ZodType>(route: GuardedRoute<S>): Route {
  return route;
}
