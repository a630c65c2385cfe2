// A gateway as most are built in Node: Express, its JSON parser and http-proxy-middleware.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import http from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { createProxyMiddleware, fixRequestBody } from 'http-proxy-middleware';
import {
  createAccessCheck,
  maySend,
  refusal,
  type AccessCheck,
  type ReadMessage,
  type ReferenceCaller,
} from './access-check.js';
import { logLine } from './call-log.js';
import { onSetup, type ReferenceSetup } from './reference-setup.js';

interface Locals {
  requestId: string;
  caller?: ReferenceCaller;
}
type Answer = Response<unknown, Locals & Record<string, unknown>>;

function serverOf(request: Request): string {
  return `/${String(request.params.server)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function logCalls(file: string) {
  const log = createWriteStream(file, { flags: 'a' });
  return (request: Request, answer: Answer, next: NextFunction) => {
    const begin = performance.now();
    answer.locals.requestId = randomUUID();
    answer.setHeader('X-Request-Id', answer.locals.requestId);
    answer.on('finish', () => {
      const message = request.body as ReadMessage | undefined;
      const line = logLine({
        requestId: answer.locals.requestId,
        principal: answer.locals.caller?.principal ?? '',
        server: serverOf(request),
        method: request.method,
        rpcMethod: textOf(message?.method),
        rpcName: textOf(message?.params?.name),
        status: answer.statusCode,
        begin,
        client: request.ip ?? '',
      });
      log.write(line);
    });
    next();
  };
}

function authenticate(check: AccessCheck) {
  return (request: Request, answer: Answer, next: NextFunction) => {
    const caller = check(request.headers.authorization, serverOf(request));
    if (typeof caller === 'number') {
      answer.status(caller).type('json').send(refusal(caller));
      return;
    }
    answer.locals.caller = caller;
    next();
  };
}

function authorize(request: Request, answer: Answer, next: NextFunction): void {
  const message = request.body as ReadMessage;
  const { caller } = answer.locals;
  if (caller !== undefined && maySend(caller, message)) next();
  else answer.status(403).type('json').send(refusal(403, message.id));
}

function proxyTo(upstream: string) {
  return createProxyMiddleware<Request, Response>({
    target: upstream,
    changeOrigin: true,
    xfwd: true,
    agent: new http.Agent({ keepAlive: true, maxSockets: 64 }),
    pathRewrite: () => '/mcp',
    on: {
      proxyReq: (outgoing, request, answer) => {
        outgoing.removeHeader('Authorization');
        outgoing.setHeader('X-Request-Id', (answer as unknown as Answer).locals.requestId);
        fixRequestBody(outgoing, request);
      },
    },
  });
}

async function start({ port, upstream, logFile, records }: ReferenceSetup): Promise<void> {
  const app = express().disable('x-powered-by').disable('etag');
  app.all(
    '/:server/mcp',
    logCalls(logFile),
    authenticate(createAccessCheck(records)),
    express.json({ limit: '1mb' }),
    authorize,
    proxyTo(upstream),
  );
  const server = app.listen(port, '127.0.0.1');
  server.keepAliveTimeout = 75_000;
  await once(server, 'listening');
}

onSetup(start);
