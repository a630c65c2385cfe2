import type { BenchCallers } from './bench-access.js';
import {
  LEGACY_CALL,
  LIST_CALL,
  MODERN_CALL,
  withLargeResult,
  withSession,
  withToken,
  type BenchCall,
} from './calls.js';
import type { CatalogEntry } from './catalog-file.js';

/** What calls go through. */
export type Between =
  | 'plain'
  | 'plain-logged'
  | 'gateway'
  | 'unlogged-gateway'
  | 'large-gateway'
  | 'express'
  | 'undici'
  | 'nothing';

/** A kind of call, and what it goes through. */
export interface WayKind {
  /** On the command line. */
  readonly name: string;
  /** In tables. */
  readonly title: string;
  readonly between: Between;
  /** Path of the server. */
  readonly server: string;
  readonly call: BenchCall;
  /** Whose token the call carries. */
  readonly bearer?: keyof BenchCallers['bearers'];
  /** Whether the call is one of a session. */
  readonly inSession?: true;
}

/** Paths of the same length, so that it makes no difference. */
const OPEN = '/bench';
export const GUARDED = '/guard';
/** Sorted behind all the others. */
const OPEN_LAST = '/zzz/bench';

export const BENCHED_SERVERS: readonly CatalogEntry[] = [
  { path: OPEN, enabled: true },
  { path: GUARDED, enabled: true, access: 'authenticated' },
];
export const LAST_SERVER: CatalogEntry = { path: OPEN_LAST, enabled: true };

const open = { server: OPEN, call: MODERN_CALL };
const whole = { server: GUARDED, call: MODERN_CALL, bearer: 'whole' } as const;
const limited = { server: GUARDED, call: MODERN_CALL, bearer: 'limited' } as const;

/** What all others are compared with. */
export const PLAIN: WayKind = { name: 'plain', title: 'plain nginx', between: 'plain', ...open };
export const PUBLIC: WayKind = { name: 'public', title: 'gateway', between: 'gateway', ...open };
/** Without the access log, to see what that costs. */
export const UNLOGGED: WayKind = {
  name: 'unlogged',
  title: 'gateway, no access log',
  between: 'unlogged-gateway',
  ...open,
};
/** A public server by a client of 2025. */
export const PUBLIC_LEGACY: WayKind = {
  name: 'public-legacy',
  title: 'gateway, 2025',
  between: 'gateway',
  server: OPEN,
  call: LEGACY_CALL,
};
export const TOKEN: WayKind = {
  name: 'token',
  title: 'gateway, token',
  between: 'gateway',
  ...whole,
};
export const LIMITED: WayKind = {
  name: 'limited',
  title: 'gateway, token, limited tools',
  between: 'gateway',
  ...limited,
};
export const EXPRESS: WayKind = {
  name: 'express',
  title: 'Express, limited tools',
  between: 'express',
  ...limited,
};
export const UNDICI: WayKind = {
  name: 'undici',
  title: 'http and undici, token',
  between: 'undici',
  ...whole,
};
export const UNDICI_LIMITED: WayKind = {
  name: 'undici-limited',
  title: 'http and undici, limited tools',
  between: 'undici',
  ...limited,
};

const NGINX_WAYS: readonly WayKind[] = [
  PLAIN,
  { name: 'plain-logged', title: 'plain nginx, access_log', between: 'plain-logged', ...open },
  PUBLIC,
  PUBLIC_LEGACY,
  TOKEN,
  {
    name: 'token-session',
    title: 'gateway, token, 2025 session',
    between: 'gateway',
    ...whole,
    call: LEGACY_CALL,
    inSession: true,
  },
  LIMITED,
  {
    name: 'limited-legacy',
    title: 'gateway, token, limited tools, 2025',
    between: 'gateway',
    ...limited,
    call: LEGACY_CALL,
  },
];

/** Ways whose instructions are counted. */
export const COUNTED_WAYS: readonly WayKind[] = [
  ...NGINX_WAYS,
  {
    name: 'limited-list',
    title: 'gateway, token, limited tools, tools/list',
    between: 'gateway',
    ...limited,
    call: LIST_CALL,
  },
];

/** Ways below load. */
export const LOADED_WAYS: readonly WayKind[] = [
  ...NGINX_WAYS,
  UNLOGGED,
  {
    name: 'large',
    title: 'gateway, 1,000 other servers',
    between: 'large-gateway',
    server: OPEN_LAST,
    call: MODERN_CALL,
  },
  EXPRESS,
  UNDICI,
  UNDICI_LIMITED,
];

/** Calls with results of 100 kB. */
export const LARGE_WAYS: readonly WayKind[] = [
  PLAIN,
  PUBLIC,
  TOKEN,
  LIMITED,
  EXPRESS,
  UNDICI,
  UNDICI_LIMITED,
].map((kind) => ({ ...kind, call: withLargeResult(kind.call) }));

/** The upstream itself: what a way adds is the difference. */
export const DIRECT: WayKind = { name: 'direct', title: 'no proxy', between: 'nothing', ...open };

/** The way of that name to count. @throws Error that lists the names there are */
export function countedWay(name: string): WayKind {
  const found = COUNTED_WAYS.find((kind) => kind.name === name);
  if (found !== undefined) return found;
  const names = COUNTED_WAYS.map((kind) => kind.name).join(', ');
  throw new Error(`there is no way "${name}"; take one of ${names}`);
}

/** Where the calls go. @param origin address of what is between, without a path */
export function urlOf({ server }: WayKind, origin: string): string {
  return `${origin}${server}/mcp`;
}

/** The call with the token and the session that it needs. */
export function callOf(
  kind: WayKind,
  origin: string,
  { bearers }: BenchCallers,
): Promise<BenchCall> {
  const { call, bearer, inSession } = kind;
  const carried = bearer === undefined ? call : withToken(call, bearers[bearer]);
  return inSession === true ? withSession(carried, urlOf(kind, origin)) : Promise.resolve(carried);
}
