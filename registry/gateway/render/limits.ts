import { createHash } from 'node:crypto';
import { callLimit, type CallLimit, type ToolLimit } from '../plan/call-limit.js';
import * as nginx from '../plan/nginx-value.js';
import type { NginxValue } from '../plan/nginx-value.js';
import type { ProxyRoute } from '../plan/plan.js';
import type { GatewaySettings } from '../plan/settings.js';
import { own } from './own.js';

/**
 * What a location says of limits. It is the same for all servers that are limited alike, since buckets belong to a server
 * and a caller.
 */
export interface LocationLimits {
  /** The arguments of `limit_req`, one for each. */
  readonly buckets: readonly NginxValue[];
  /** Of the server's own limit, in seconds. */
  readonly retryAfter?: NginxValue;
}

interface Zone {
  readonly name: NginxValue;
  readonly perMinute: NginxValue;
}

interface LimitEntry {
  readonly key: NginxValue;
  readonly value: NginxValue;
  readonly owner: NginxValue;
}

/** What generated/limits.conf is made of. */
export interface LimitsView {
  /** What of a server is limited: `calls`, or `tools` where messages have to be read for it. */
  readonly limited: readonly LimitEntry[];
  /** By server and tool, the zone that counts it. */
  readonly tools: readonly LimitEntry[];
  /** By server and tool, how long a caller above the limit has to wait. */
  readonly waits: readonly LimitEntry[];
  readonly callZones: readonly Zone[];
  readonly toolZones: readonly Zone[];
}

export function limitsView(routes: readonly ProxyRoute[]): LimitsView {
  const byTool = (value: (route: ProxyRoute, tool: ToolLimit) => NginxValue): LimitEntry[] =>
    routes.flatMap((route) =>
      route.limits.tools.map((tool) => ({
        key: own`${route.publicPath} ${tool.tool}`,
        value: value(route, tool),
        owner: route.publicPath,
      })),
    );
  return {
    limited: routes.filter(isLimited).map(({ publicPath, limits }) => ({
      key: publicPath,
      value: limits.tools.length > 0 ? own`tools` : own`calls`,
      owner: publicPath,
    })),
    tools: byTool((_route, tool) => toolZone(tool)),
    waits: byTool(({ limits: { calls } }, tool) =>
      // Which of the two was exceeded is not known: after the longer one the call is taken.
      nginx.whole(Math.max(tool.retryAfter, calls?.retryAfter ?? 0)),
    ),
    callZones: zones(
      routes.flatMap(({ limits }) => limits.calls ?? []),
      callZone,
    ),
    toolZones: zones(
      routes.flatMap(({ limits }) => limits.tools),
      toolZone,
    ),
  };
}

/** The limit of requests without a token that is known; undefined: none. */
export function unauthenticatedView({ unauthenticatedPerMinute: perMinute }: GatewaySettings) {
  if (perMinute === 0) return undefined;
  const limit = callLimit(perMinute);
  const zone = own`unauthenticated_${limit.perMinute}`;
  return {
    zone,
    perMinute: limit.perMinute,
    bucket: bucket(zone, limit),
    retryAfter: nginx.whole(limit.retryAfter),
  };
}

export function locationLimits({ limits: { calls, tools } }: ProxyRoute): LocationLimits {
  const ofTools = new Map(tools.map((tool) => [toolZone(tool), tool]));
  return {
    buckets: [
      ...(calls === undefined ? [] : [bucket(callZone(calls), calls)]),
      ...[...ofTools].sort(byName).map(([zone, tool]) => bucket(zone, tool)),
    ],
    ...(calls !== undefined && { retryAfter: nginx.whole(calls.retryAfter) }),
  };
}

/** Part of the name of a location that is shared by servers that are limited alike; empty without limits. */
export function limitsMark(route: ProxyRoute): NginxValue {
  const { buckets } = locationLimits(route);
  if (buckets.length === 0) return own``;
  // There may be fifty of them, too many for a name.
  const digest = createHash('sha256').update(buckets.join('\n')).digest('hex').slice(0, 16);
  return own`_limits.${nginx.word(digest)}`;
}

function isLimited({ limits }: ProxyRoute): boolean {
  return limits.calls !== undefined || limits.tools.length > 0;
}

/** A zone keeps its name over reloads only with the same key, or nginx refuses it. Whoever changes the key renames it. */
function callZone({ perMinute }: CallLimit): NginxValue {
  return own`calls_${perMinute}`;
}

/** A location may name each zone only once, so that limits that differ in their burst alone need zones of their own. */
function toolZone({ perMinute, burst }: CallLimit): NginxValue {
  return own`tools_${perMinute}_${burst}`;
}

function bucket(zone: NginxValue, { excess }: CallLimit): NginxValue {
  return excess === undefined ? own`zone=${zone}` : own`zone=${zone} burst=${excess} nodelay`;
}

function zones(
  limits: readonly CallLimit[],
  nameOf: (limit: CallLimit) => NginxValue,
): readonly Zone[] {
  const all = new Map(limits.map((limit) => [nameOf(limit), limit.perMinute]));
  return [...all].sort(byName).map(([name, perMinute]) => ({ name, perMinute }));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
