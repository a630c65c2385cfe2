import type { ServerLimits } from '../../catalog/server-limits.js';
import * as nginx from './nginx-value.js';
import type { NginxValue } from './nginx-value.js';

const MAX = 1_000_000;

/** A bucket that holds some calls and fills evenly, in nginx's terms (ngx_http_limit_req_module). */
export interface CallLimit {
  readonly perMinute: NginxValue;
  /** How many calls may come at once. */
  readonly burst: NginxValue;
  /** What nginx takes for `burst`: the calls at once beyond the first one. Absent where there are none. */
  readonly excess?: NginxValue;
  /** Whole seconds after which an empty bucket holds a call again. */
  readonly retryAfter: number;
}

export interface ToolLimit extends CallLimit {
  /** The name of the tool, as the gate writes it (nginx/njs/inspection.js). */
  readonly tool: NginxValue;
}

/** How often a caller may use a server. */
export interface RouteLimits {
  /** Absent: as often as it likes. */
  readonly calls?: CallLimit;
  readonly tools: readonly ToolLimit[];
}

/** @throws NginxValueError when a stored number or name has no place in nginx */
export function routeLimits({ callsPerMinute, burst, tools = [] }: ServerLimits): RouteLimits {
  return {
    ...(callsPerMinute !== undefined && { calls: callLimit(callsPerMinute, burst) }),
    tools: tools.map((tool) => ({
      ...callLimit(tool.callsPerMinute, tool.burst),
      tool: nginx.hexText(tool.name),
    })),
  };
}

/** @throws NginxValueError */
export function callLimit(perMinute: number, burst = perMinute): CallLimit {
  return {
    perMinute: nginx.count(perMinute, MAX),
    burst: nginx.count(burst, MAX),
    ...(burst > 1 && { excess: nginx.count(burst - 1, MAX) }),
    retryAfter: retryAfter(perMinute),
  };
}

/** nginx rounds a rate down to thousandths of a call a second: 1 call a minute is 0.016 a second, or one in 63 s. */
function retryAfter(perMinute: number): number {
  return Math.max(1, Math.ceil(1000 / Math.floor((perMinute * 1000) / 60)));
}
