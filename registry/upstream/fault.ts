import { isLoopback } from './address-policy.js';
import { DeadlineExceeded } from './deadline.js';
import { TooManyBytes } from './outbound-channel.js';
import { OutboundRefusal } from './outbound-guard.js';
import { messageOf } from '../errors.js';
import type { FaultCause } from './probe-outcome.js';

export interface Fault {
  readonly cause: FaultCause;
  /** What was seen and what to do, for people. */
  readonly message: string;
}

const NOT_TRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);
const TIMEOUTS: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'REQUEST_TIMEOUT',
]);

/** Turns what a request to `url` threw into a cause and a remedy. */
export function faultOf(thrown: unknown, url: string): Fault {
  const chain = causesOf(thrown);
  const refusal = chain.find((error) => error instanceof OutboundRefusal);
  if (refusal !== undefined) return { cause: 'refused-by-policy', message: refusal.message };
  if (chain.some((error) => error instanceof TooManyBytes)) {
    return {
      cause: 'protocol-error',
      message: `${url} sends without end; the answer was cut off.`,
    };
  }
  const code = chain.map(codeOf).find((text) => text !== '') ?? '';
  const host = new URL(url).hostname;
  if (TIMEOUTS.has(code) || chain.some((error) => error instanceof DeadlineExceeded)) {
    return {
      cause: 'timeout',
      message: `${url} did not answer in time. If it is slow by nature, raise HEALTH_CHECK_TIMEOUT_SECONDS; otherwise see whether it runs and whether a firewall drops the connection.`,
    };
  }
  if (code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return { cause: 'dns', message: noName(host) };
  const tls = tlsFault(code, chain, host);
  if (tls !== undefined) return { cause: 'tls', message: tls };
  // undici does not give every fault of its parser a code.
  if (chain.some((error) => error.name === 'HTTPParserError')) {
    return {
      cause: 'protocol-error',
      message: `${url} does not answer in HTTP. See whether it wants https instead of http, and whether the port is right.`,
    };
  }
  return { cause: 'tcp', message: tcpFault(code, chain, url) };
}

function noName(host: string): string {
  return `The host name ${host} does not resolve. See whether it is spelled right and known to the resolver of this machine (in Compose: the service name, on a network that both share).`;
}

function tlsFault(code: string, chain: readonly Error[], host: string): string | undefined {
  if (NOT_TRUSTED.has(code)) {
    return `The certificate of ${host} is not trusted: ${chain.at(-1)?.message ?? code}. Add the certificate of its authority as tls.caPem, or set tls.verify to false.`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate is not for ${host}. Register the server under a name that its certificate has, or set tls.verify to false.`;
  }
  if (code.startsWith('CERT_')) {
    return `The certificate of ${host} is not valid: ${chain.at(-1)?.message ?? code}. Renew it, or set tls.verify to false.`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return `The TLS handshake with ${host} failed (${code}). See whether the server speaks https on that port.`;
  }
  return undefined;
}

function tcpFault(code: string, chain: readonly Error[], url: string): string {
  const { host, hostname } = new URL(url);
  if (code === 'ECONNREFUSED') {
    const local = hostname === 'localhost' || isLoopback(hostname);
    return `Nothing listens at ${host} (connection refused).${
      local
        ? ' Inside a container, localhost is the container itself: for a server on the host use host.docker.internal, for another container its service name.'
        : ' See whether the server runs and listens on that port and on an address that can be reached.'
    }`;
  }
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code === 'EPIPE') {
    return `${host} closed the connection without an answer. See whether it wants https, and read its log.`;
  }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return `There is no route to ${host} (${code}).`;
  }
  if (chain.some(({ message }) => message === 'bad port')) {
    return `HTTP clients refuse the port of ${host}, because another protocol lives there (Fetch standard, "bad port").`;
  }
  return `${host} cannot be reached: ${chain.at(-1)?.message ?? code}.`;
}

/** An error and what caused it. Not by `instanceof`: errors of Node may come from another realm. */
function causesOf(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  let error = thrown;
  while (isErrorLike(error) && chain.length < 8) {
    chain.push(error);
    error = error.cause;
  }
  return chain.length > 0 ? chain : [new Error(messageOf(thrown))];
}

function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value;
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
