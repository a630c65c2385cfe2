import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface MockServer {
  /** Origin without a trailing slash. */
  readonly origin: string;
  readonly port: number;
  /** Method, path and body's JSON-RPC method of every request so far. */
  readonly requests: {
    method: string;
    path: string;
    rpc?: string;
    headers: http.IncomingHttpHeaders;
  }[];
  /** Connections that are open now. */
  openConnections(): number;
  close(): Promise<void>;
}

export type MockHandler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  message: RpcMessage | undefined,
) => void;

export interface RpcMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

/** A server on a free port of loopback that reads JSON bodies before it calls `handler`. */
export async function startMockServer(
  handler: MockHandler,
  tls?: { readonly key: string; readonly cert: string },
): Promise<MockServer> {
  const requests: MockServer['requests'] = [];
  const sockets = new Set<Socket>();
  const listener = (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const message = text === '' ? undefined : (JSON.parse(text) as RpcMessage);
      const { method = '', url: path = '', headers } = request;
      requests.push({ method, path, headers, ...(message?.method && { rpc: message.method }) });
      handler(request, response, message);
    });
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    openConnections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function sendJson(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export interface LegacyOptions {
  tools?: readonly unknown[] | ((cursor: string | undefined) => Record<string, unknown>);
  /** Opens a session with `initialize` and ends it with DELETE. */
  sessions?: Set<string>;
  path?: string;
  /** What GET is answered with. */
  getStatus?: number;
}

/** An MCP server of 2025-11-25, written by hand so that it can be odd where a test needs it. */
export function legacyHandler(options: LegacyOptions = {}): MockHandler {
  const { tools = [ECHO_TOOL], sessions, path, getStatus = 405 } = options;
  return (request, response, message) => {
    if (path !== undefined && request.url !== path) return void response.writeHead(404).end();
    const sessionId = request.headers['mcp-session-id'];
    if (request.method === 'DELETE') {
      sessions?.delete(String(sessionId));
      return void response.writeHead(200).end();
    }
    if (request.method !== 'POST') return void response.writeHead(getStatus).end();
    if (message?.id === undefined) return void response.writeHead(202).end();
    const { id, method } = message;
    const answer = (result: unknown, headers: Record<string, string> = {}) =>
      sendJson(response, 200, { jsonrpc: '2.0', id, result }, headers);
    if (method === 'initialize') {
      const opened = sessions && `session-${Math.random()}`;
      if (opened) sessions.add(opened);
      answer(HELLO, opened ? { 'mcp-session-id': opened } : {});
    } else if (sessions && !sessions.has(String(sessionId))) {
      sendJson(response, 400, rpcError(id, -32000, 'Bad Request: no session'));
    } else if (method === 'tools/list') {
      const cursor = message.params?.cursor as string | undefined;
      answer(typeof tools === 'function' ? tools(cursor) : { tools });
    } else {
      answerUnknown(response, id);
    }
  };
}

function answerUnknown(response: http.ServerResponse, id: unknown): void {
  sendJson(response, 200, rpcError(id, -32601, 'Method not found'));
}

export function rpcError(id: unknown, code: number, message: string, data?: unknown): unknown {
  return { jsonrpc: '2.0', id, error: { code, message, data } };
}

export const ECHO_TOOL = { name: 'echo', inputSchema: { type: 'object' } };

const HELLO = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {} },
  serverInfo: { name: 'mock', version: '1.0.0' },
};

/** Waits until `condition` holds; the jest timeout is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
