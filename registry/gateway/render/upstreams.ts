import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as nginx from '../plan/nginx-value.js';
import type { NginxValue } from '../plan/nginx-value.js';
import type { ProxyRoute } from '../plan/plan.js';
import { own } from './own.js';

/** An `upstream` of nginx, whose members are chosen by the path of their server (decision 0001). */
export interface Upstream {
  readonly name: NginxValue;
  /** Idle connections that a worker keeps. */
  readonly keepalive: NginxValue;
  readonly members: readonly Member[];
}

interface Member {
  readonly address: NginxValue;
  readonly parameters: NginxValue;
  readonly owner: NginxValue;
}

/** All upstreams, and the one that a server is a member of. */
export interface Upstreams {
  readonly list: readonly Upstream[];
  readonly nameOf: (route: ProxyRoute) => NginxValue;
}

/**
 * `hash` of nginx makes a number of 15 bits of the key and gives it to the member whose share of the total weight it falls
 * into. With this total weight, one unit of weight is one such number: we decide which member a key comes to.
 */
const PLACES = 0x8000;
/** Idle connections that are kept for one server: enough for the calls that one worker has under way to it. */
const KEPT_PER_SERVER = 32;
/** An upstream with more servers than these keeps no more connections: they are hardly all busy at once. */
const KEPT_SERVERS = 8;

/**
 * nginx takes no upstream without a server; this one is never tried and gives 502 at once. It stands alone: in place of a
 * member that is down nginx would take another.
 */
const NOWHERE: Upstream = {
  name: own`nowhere`,
  keepalive: own`1`,
  members: [{ address: own`127.0.0.1:1`, parameters: own`down`, owner: own`no address` }],
};

/**
 * For each call nginx walks along the list of upstreams, and then along the members of one. Both walks together are
 * shortest when there are about as many upstreams as members of each. Over TLS each server has an upstream of its own: a
 * kept connection was verified for the name of one server, and must not carry the calls of another.
 */
export function upstreamsOf(routes: readonly ProxyRoute[]): Upstreams {
  const found = routes.filter(({ address }) => address !== undefined);
  const shared = groupsOf(found.filter(({ tls }) => tls.kind === 'plain'));
  const single = found.filter(({ tls }) => tls.kind !== 'plain').map(ofOneServer);
  const groups = [...shared, ...single];
  const names = new Map(
    groups.flatMap(({ name, routes: members }) => members.map(({ path }) => [path, name])),
  );
  return {
    list: [...groups.map(upstreamOf), ...(found.length < routes.length ? [NOWHERE] : [])],
    nameOf: ({ path }) => names.get(path) ?? NOWHERE.name,
  };
}

interface Group {
  readonly name: NginxValue;
  readonly routes: readonly ProxyRoute[];
}

/** Grouped by a digest of the path, so that a new server changes the text of one group only. */
function groupsOf(routes: readonly ProxyRoute[]): Group[] {
  const bits = Math.ceil(Math.log2(Math.max(routes.length, 1)) / 2);
  const groups = new Map<string, { places: Set<number>; routes: ProxyRoute[] }>();
  for (const route of routes) {
    const digest = Number.parseInt(digestOf(route.path).slice(0, 4), 16) >> (16 - bits);
    const place = placeOf(route.path);
    // Where another path of the group has the same place, it comes into a further group.
    for (let turn = 0; ; turn += 1) {
      const name = `s${digest.toString(16).padStart(2, '0')}${turn === 0 ? '' : `.${turn}`}`;
      const group = groups.get(name) ?? { places: new Set(), routes: [] };
      groups.set(name, group);
      if (group.places.has(place)) continue;
      group.places.add(place);
      group.routes.push(route);
      break;
    }
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => ({ name: nginx.word(name), routes: group.routes }));
}

/**
 * nginx looks every name up by comparing it with all the others, letter by letter: with thousands of names
 * that begin alike, that is most of what reading the configuration takes. So names begin with a digest.
 * Dots do not occur in paths, so that no two paths share a name.
 */
function ofOneServer(route: ProxyRoute): Group {
  const { path } = route;
  const name = nginx.word(`${digestOf(path).slice(0, 8)}${path.replaceAll('/', '.')}`);
  return { name, routes: [route] };
}

/** The weight of a member is its distance from the one before, so that its share of the total ends at its own place. */
function upstreamOf({ name, routes }: Group): Upstream {
  const placed = routes
    .flatMap(({ path, address, publicPath: owner }) =>
      address === undefined ? [] : [{ place: placeOf(path), address, owner }],
    )
    .sort((a, b) => a.place - b.place);
  return {
    name,
    keepalive: nginx.whole(KEPT_PER_SERVER * Math.min(routes.length, KEPT_SERVERS)),
    members: placed.map(({ place, address, owner }, index) => {
      const from = index === 0 ? -1 : (placed[index - 1]?.place ?? -1);
      const to = index === placed.length - 1 ? PLACES - 1 : place;
      return { address, parameters: own`weight=${nginx.whole(to - from)} max_fails=0`, owner };
    }),
  };
}

/** The number that nginx makes of the key (ngx_http_upstream_hash_module, as Cache::Memcached does it). */
function placeOf(path: string): number {
  return (crc32(path) >>> 16) & (PLACES - 1);
}

function digestOf(path: string): string {
  return createHash('sha256').update(path).digest('hex');
}
