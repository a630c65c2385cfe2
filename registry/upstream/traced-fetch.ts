import { NO_TRACE, type Trace } from '../trace.js';
import type { Fetch } from './outbound-channel.js';
import { portOf } from './outbound-guard.js';

/**
 * The same as `fetch`, with a span for each request until the answer begins, and the trace's headers on it. Of the address,
 * host and port are told: the rest may hold a key.
 */
export function tracedFetch(fetch: Fetch, trace: Trace = NO_TRACE): Fetch {
  if (trace === NO_TRACE) return fetch;
  return (address, init = {}) => {
    const { method = 'GET' } = init;
    const { hostname, protocol, port } = new URL(address);
    const facts = {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': portOf(protocol, port),
    };
    return trace.span(
      method,
      async (span) => {
        const headers = { ...Object.fromEntries(new Headers(init.headers)), ...trace.headers() };
        const answer = await fetch(address, { ...init, headers });
        span.note({ 'http.response.status_code': answer.status });
        if (answer.status >= 400) span.fail(String(answer.status));
        return answer;
      },
      { kind: 'client', facts },
    );
  };
}
