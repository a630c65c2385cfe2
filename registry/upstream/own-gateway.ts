import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import type { Trace } from '../trace.js';
import type { Fetch } from './outbound-channel.js';
import { tracedFetch } from './traced-fetch.js';

/** The way to the gateway of this very machine. */
export interface OwnGateway {
  /** Without a trailing slash. */
  readonly url: string;
  readonly fetch: Fetch;
  /** Cuts every connection that is still open. */
  close(): Promise<void>;
}

/** Always one of the gateway's names, whatever its listener is bound to. */
const HOST = '127.0.0.1';
const CONNECT_MS = 5000;

/**
 * Opens the way to a listener of ours. How long an answer may take is the business of each call.
 * @param listener over `https` its certificate is not looked at: it names other hosts, and nothing leaves the machine
 */
export function openOwnGateway(
  listener: {
    readonly address: string;
    readonly port: number;
    readonly scheme: 'http' | 'https';
  },
  trace?: Trace,
): OwnGateway {
  const connect = buildConnector({ timeout: CONNECT_MS, rejectUnauthorized: false });
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (target, callback) =>
      connect({ ...target, hostname: listener.address, host: listener.address }, callback),
  });
  const fetch: Fetch = async (url, { method = 'GET', headers, body, signal } = {}) => {
    const answer = await undiciFetch(url, {
      method,
      headers: [...new Headers(headers), ['user-agent', 'mcp-gateway-registry']],
      ...(typeof body === 'string' && { body }),
      ...(signal && { signal }),
      redirect: 'manual',
      dispatcher: agent,
    });
    return new Response(answer.body as ReadableStream<Uint8Array> | null, {
      status: answer.status,
      statusText: answer.statusText,
      headers: [...answer.headers],
    });
  };
  return {
    url: `${listener.scheme}://${HOST}:${listener.port}`,
    fetch: tracedFetch(fetch, trace),
    close: () => agent.destroy(),
  };
}
