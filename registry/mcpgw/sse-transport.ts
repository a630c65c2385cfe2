import type { ServerResponse } from 'node:http';
import {
  parseJSONRPCMessage,
  type AuthInfo,
  type JSONRPCMessage,
  type MessageExtraInfo,
  type Transport,
} from '@modelcontextprotocol/server';
import { RegistryError } from '../errors.js';

/** Proxies cut connections that are silent for long, often after a minute. */
const KEEP_ALIVE_MS = 15_000;
/** For a reader who does not read, so much waits in memory. */
const MAX_WAITING = 8 * 1024 * 1024;

/**
 * The server's side of HTTP+SSE (MCP 2024-11-05, "HTTP with SSE"), which the SDK keeps for old servers in a package of its
 * own alone: a stream of events, the first of which says where messages are to be posted.
 */
export class SseTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  readonly sessionId: string;
  readonly #res: ServerResponse;
  readonly #endpoint: string;
  #keepAlive: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param endpoint where messages of this session are posted, as a path with a query */
  constructor(res: ServerResponse, sessionId: string, endpoint: string) {
    this.#res = res;
    this.sessionId = sessionId;
    this.#endpoint = endpoint;
  }

  start(): Promise<void> {
    this.#res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // For proxies in front of us; our own nginx does not buffer.
      'x-accel-buffering': 'no',
    });
    this.#res.once('close', () => this.#end());
    this.#keepAlive = setInterval(() => this.#write(': still here\n\n'), KEEP_ALIVE_MS);
    this.#keepAlive.unref();
    this.#write(`event: endpoint\ndata: ${this.#endpoint}\n\n`);
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    // JSON has no line breaks of its own, so that one data line holds it.
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    return Promise.resolve();
  }

  /** @throws RegistryError `malformed-request` */
  receive(message: unknown, authInfo: AuthInfo): void {
    this.onmessage?.(parsed(message), { authInfo });
  }

  close(): Promise<void> {
    this.#res.end();
    this.#end();
    return Promise.resolve();
  }

  #write(text: string): void {
    if (this.#closed) return;
    if (this.#res.writableLength > MAX_WAITING) this.#res.destroy();
    else this.#res.write(text);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#keepAlive);
    this.onclose?.();
  }
}

function parsed(message: unknown): JSONRPCMessage {
  try {
    return parseJSONRPCMessage(message);
  } catch (cause) {
    throw new RegistryError('malformed-request', 'The body is not one JSON-RPC message.', {
      cause,
    });
  }
}
