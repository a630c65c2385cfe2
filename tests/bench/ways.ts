import type { BenchCallers } from './bench-access.js';
import { LEGACY_CALL, MODERN_CALL, withToken, type BenchCall } from './calls.js';
import type { CatalogEntry } from './catalog-file.js';

/** An nginx that calls go through. */
export type Proxy = 'plain' | 'plain-logged' | 'gateway';

/** A kind of call, and what it goes through. */
export interface WayKind {
  /** On the command line. */
  readonly name: string;
  /** In tables. */
  readonly title: string;
  readonly proxy: Proxy;
  /** Path of the server. */
  readonly server: string;
  readonly call: BenchCall;
  /** Whose token the call carries. */
  readonly bearer?: keyof BenchCallers['bearers'];
}

/** Paths of the same length, so that it makes no difference. */
const OPEN = '/bench';
export const GUARDED = '/guard';

export const BENCHED_SERVERS: readonly CatalogEntry[] = [
  { path: OPEN, enabled: true },
  { path: GUARDED, enabled: true, access: 'authenticated' },
];

const open = { server: OPEN, call: MODERN_CALL };
const guarded = { proxy: 'gateway', server: GUARDED, call: MODERN_CALL } as const;

export const PLAIN: WayKind = { name: 'plain', title: 'plain nginx', proxy: 'plain', ...open };

/** The first is what the others are compared with. */
export const WAY_KINDS: readonly WayKind[] = [
  PLAIN,
  { name: 'plain-logged', title: 'plain nginx, access_log', proxy: 'plain-logged', ...open },
  { name: 'public', title: 'gateway', proxy: 'gateway', ...open },
  { name: 'token', title: 'gateway, token', ...guarded, bearer: 'whole' },
  { name: 'limited', title: 'gateway, token, limited tools', ...guarded, bearer: 'limited' },
  {
    name: 'limited-legacy',
    title: 'gateway, token, limited tools, 2025 call',
    ...guarded,
    call: LEGACY_CALL,
    bearer: 'limited',
  },
];

/** The kind of that name. @throws Error that lists the names there are */
export function wayKind(name: string): WayKind {
  const found = WAY_KINDS.find((kind) => kind.name === name);
  if (found !== undefined) return found;
  const names = WAY_KINDS.map((kind) => kind.name).join(', ');
  throw new Error(`there is no way "${name}"; take one of ${names}`);
}

/** The call with the token that it needs. */
export function callOf({ call, bearer }: WayKind, { bearers }: BenchCallers): BenchCall {
  return bearer === undefined ? call : withToken(call, bearers[bearer]);
}
