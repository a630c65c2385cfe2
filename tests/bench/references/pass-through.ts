import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { refusal } from './access-check.js';

/** Of the connection, of the message's framing, or not for upstreams. */
const KEPT_BACK = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'expect',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
]);

/** The headers of a request for its upstream. */
export function headersFor(request: IncomingMessage, requestId: string): string[] {
  const { rawHeaders } = request;
  const headers = [
    'x-request-id',
    requestId,
    'x-forwarded-for',
    request.socket.remoteAddress ?? '',
  ];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    if (!KEPT_BACK.has(name.toLowerCase())) headers.push(name, value);
  }
  return headers;
}

/** Passes an answer on as it comes, and no faster than it is taken. */
export function streamTo(answer: ServerResponse, requestId: string): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      answer.on('close', () => {
        if (!answer.writableFinished) controller.abort(new Error('the caller is gone'));
      });
    },
    onResponseStart(controller, status, headers) {
      const passed: OutgoingHttpHeaders = { 'x-request-id': requestId };
      for (const name in headers) {
        if (!KEPT_BACK.has(name) || name === 'content-length') passed[name] = headers[name];
      }
      answer.writeHead(status, passed);
      answer.on('drain', () => controller.resume());
    },
    onResponseData(controller, chunk) {
      if (!answer.write(chunk)) controller.pause();
    },
    onResponseEnd() {
      answer.end();
    },
    onResponseError() {
      if (answer.headersSent) answer.destroy();
      else refuse(answer, 502);
    },
  };
}

/** Answers with an error. */
export function refuse(answer: ServerResponse, status: number, id?: unknown): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(refusal(status, id));
}
