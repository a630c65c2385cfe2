import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Agent, buildConnector, fetch as undiciFetch, type Dispatcher } from 'undici';
import { parseAddress, sameAddress } from './address-policy.js';
import { OutboundRefusal, portOf, type OutboundGuard } from './outbound-guard.js';

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Connections to one server under its own TLS and Host settings. */
export interface OutboundChannel {
  /** Never follows a redirect. Bodies count towards `maxBytes`; more than that fails the body. */
  readonly fetch: Fetch;
  /** Cuts every connection that is still open. */
  close(): Promise<void>;
}

export interface ChannelOptions {
  readonly tls: { readonly verify: boolean; readonly caPem?: string | undefined };
  /** The authorities that are trusted where `tls` names none: the same that nginx trusts. */
  readonly systemTrust?: SecureContext | undefined;
  /** Sent instead of the URL's authority. */
  readonly hostHeader?: string | undefined;
  /** How long a connection may take, milliseconds. */
  readonly connectTimeoutMs: number;
  /** Decoded bytes of all answers together. */
  readonly maxBytes: number;
}

/** Thrown by the body of an answer that would exceed the channel's budget. */
export class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes';
}

/**
 * Opens a way out that the guard watches: a name is resolved once per connection, only addresses that
 * the guard permits are connected to, and the socket's peer is compared with the address that was
 * judged, so that a name cannot change its meaning between check and use.
 */
export function openChannel(guard: OutboundGuard, options: ChannelOptions): OutboundChannel {
  const agent = new Agent({ connect: guardedConnector(guard, options), pipelining: 1 });
  const dispatcher = options.hostHeader === undefined ? agent : withHost(agent, options.hostHeader);
  let left = options.maxBytes;
  const spend = (bytes: number) => {
    left -= bytes;
    if (left < 0) throw new TooManyBytes(`more than ${options.maxBytes} bytes were sent`);
  };
  return {
    async fetch(url, { method = 'GET', headers, body, signal } = {}) {
      const answer = await undiciFetch(url, {
        method,
        headers: [...new Headers(headers), ['user-agent', 'mcp-gateway-registry']],
        ...(typeof body === 'string' && { body }),
        ...(signal && { signal }),
        redirect: 'manual',
        dispatcher,
      });
      return metered(answer, spend);
    },
    close: () => agent.destroy(),
  };
}

type UndiciResponse = Awaited<ReturnType<typeof undiciFetch>>;

function metered(answer: UndiciResponse, spend: (bytes: number) => void): Response {
  const meter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      spend(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  const body = answer.body as ReadableStream<Uint8Array> | null;
  return new Response(body === null ? null : body.pipeThrough(meter), {
    status: answer.status,
    statusText: answer.statusText,
    headers: [...answer.headers],
  });
}

/** `fetch` forbids the Host header, the dispatcher below it does not. */
function withHost(agent: Agent, host: string): Dispatcher {
  return agent.compose((dispatch) => (request, handler) => {
    const headers = { ...(request.headers as Record<string, string>), host };
    return dispatch({ ...request, headers }, handler);
  });
}

function guardedConnector(guard: OutboundGuard, options: ChannelOptions): buildConnector.connector {
  const connect = buildConnector({
    timeout: options.connectTimeoutMs,
    rejectUnauthorized: options.tls.verify,
    ...(options.tls.caPem === undefined
      ? options.systemTrust && { secureContext: options.systemTrust }
      : { ca: options.tls.caPem }),
  });

  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = portOf(target.protocol, target.port);
    const isLiteral = parseAddress(host) !== undefined;
    const attempt = (addresses: readonly string[]) => {
      const [address = host, ...others] = addresses;
      // The name stays in charge of SNI and of what the certificate must say.
      const servername = isLiteral ? '' : host;
      connect({ ...target, hostname: address, host: address, servername }, (error, socket) => {
        if (error === null) {
          settle(guard, { host, port, address }, socket, callback);
        } else if (others.length > 0 && isWorthAnotherAddress(error)) {
          attempt(others);
        } else {
          callback(error, null);
        }
      });
    };
    guard.resolve(host, port).then(attempt, (error: unknown) => {
      callback(error as Error, null);
    });
  };
}

function settle(
  guard: OutboundGuard,
  wanted: { readonly host: string; readonly port: number; readonly address: string },
  socket: Socket,
  callback: buildConnector.Callback,
): void {
  const peer = socket.remoteAddress ?? '';
  const verdict = guard.judge(wanted.host, wanted.port, peer);
  if (verdict.ok && sameAddress(peer, wanted.address)) {
    callback(null, socket);
    return;
  }
  socket.destroy();
  const reason = verdict.ok ? `${wanted.host} answered from ${peer}` : verdict.reason;
  callback(new OutboundRefusal(reason), null);
}

/** Names such as localhost have several addresses of which one serves. */
function isWorthAnotherAddress(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].includes(code ?? '');
}
