// The same checks with as little between them as Node allows: its bare http server and a pool of undici. The body is
// collected, since messages are small, and parsed only for callers with limited tools; answers are streamed.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool, type Dispatcher } from 'undici';
import {
  createAccessCheck,
  maySend,
  type AccessCheck,
  type ReadMessage,
  type ReferenceCaller,
} from './access-check.js';
import { logLine } from './call-log.js';
import { headersFor, refuse, streamTo } from './pass-through.js';
import { onSetup, type ReferenceSetup } from './reference-setup.js';

const MAX_BODY = 1 << 20;
const MAX_LOG_BUFFER = 64 << 10;
const LOG_FLUSH_MS = 1000;

interface Gateway {
  readonly check: AccessCheck;
  readonly pool: Pool;
  readonly log: (line: string) => void;
}

/** Writes many lines at once, as nginx does. */
function bufferedLog(file: WriteStream): (line: string) => void {
  let buffer = '';
  const flush = () => {
    if (buffer !== '') file.write(buffer);
    buffer = '';
  };
  setInterval(flush, LOG_FLUSH_MS).unref();
  return (line) => {
    buffer += line;
    if (buffer.length >= MAX_LOG_BUFFER) flush();
  };
}

/** @throws Error when it is too large or does not come whole */
function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY) reject(new Error('the body is too large'));
    });
    request.on('end', () => {
      const [first] = chunks;
      resolve(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

/** What is known of a call before it is passed on or refused. */
interface Call {
  readonly request: IncomingMessage;
  readonly answer: ServerResponse;
  readonly requestId: string;
  readonly server: string;
  readonly caller: ReferenceCaller | 401 | 403;
  readonly begin: number;
}

function handle(request: IncomingMessage, answer: ServerResponse, gateway: Gateway): void {
  const server = (request.url ?? '').slice(0, -'/mcp'.length);
  const call: Call = {
    request,
    answer,
    requestId: randomUUID(),
    server,
    caller: gateway.check(request.headers.authorization, server),
    begin: performance.now(),
  };
  answer.on('finish', () => gateway.log(lineOf(call)));
  passOn(call, gateway.pool).catch(() => {
    refuse(answer, 400);
  });
}

async function passOn({ request, answer, requestId, caller }: Call, pool: Pool): Promise<void> {
  if (typeof caller === 'number') {
    refuse(answer, caller);
    return;
  }
  const body = await bodyOf(request);
  if (caller.access.kind !== 'all') {
    const message = JSON.parse(body.toString()) as ReadMessage;
    if (!maySend(caller, message)) {
      refuse(answer, 403, message.id);
      return;
    }
  }
  pool.dispatch(
    {
      path: '/mcp',
      method: request.method as Dispatcher.HttpMethod,
      headers: headersFor(request, requestId),
      body: body.length === 0 ? null : body,
    },
    streamTo(answer, requestId),
  );
}

function lineOf({ request, answer, requestId, server, caller, begin }: Call): string {
  const { headers, method = '', socket } = request;
  return logLine({
    requestId,
    principal: typeof caller === 'number' ? '' : caller.principal,
    server,
    method,
    rpcMethod: String(headers['mcp-method'] ?? ''),
    rpcName: String(headers['mcp-name'] ?? ''),
    status: answer.statusCode,
    begin,
    client: socket.remoteAddress ?? '',
  });
}

async function start({ port, upstream, logFile, records }: ReferenceSetup): Promise<void> {
  const gateway: Gateway = {
    check: createAccessCheck(records),
    pool: new Pool(upstream, { connections: 64 }),
    log: bufferedLog(createWriteStream(logFile, { flags: 'a' })),
  };
  const server = http.createServer((request, answer) => {
    handle(request, answer, gateway);
  });
  server.keepAliveTimeout = 75_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

onSetup(start);
