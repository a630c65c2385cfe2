// The upstream of the streams: answers a call when it is told to, and sends events on a stream as often as it is told to.
// A process of its own, so that nothing else of the bench keeps it from being in time.

import http from 'node:http';
import { EVERY, SENT_AT, WAIT, type StreamServerSetup } from './stream-server-setup.js';

const RESULT = JSON.stringify({
  jsonrpc: '2.0',
  id: 7,
  result: { content: [{ type: 'text', text: 'done' }], isError: false, resultType: 'complete' },
});

function answerCall(request: http.IncomingMessage, answer: http.ServerResponse): void {
  request.resume();
  request.once('end', () => {
    const finish = (): void => {
      answer.writeHead(200, { 'content-type': 'application/json' }).end(RESULT);
    };
    setTimeout(finish, numberIn(request, WAIT) ?? 0);
  });
}

/** Its head goes out at once, as that of an MCP server does. */
function openStream(request: http.IncomingMessage, answer: http.ServerResponse): void {
  answer.writeHead(200, { 'content-type': 'text/event-stream' });
  answer.flushHeaders();
  const every = numberIn(request, EVERY);
  if (every === undefined) return;
  const sending = setInterval(() => answer.write(eventNow()), every);
  answer.once('close', () => clearInterval(sending));
}

function eventNow(): string {
  const at = process.hrtime.bigint().toString();
  const message = { jsonrpc: '2.0', method: 'notifications/message', params: { [SENT_AT]: at } };
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}

function numberIn(request: http.IncomingMessage, name: string): number | undefined {
  const value = request.headers[name.toLowerCase()];
  return value === undefined ? undefined : Number(value);
}

process.once('message', ({ port }: StreamServerSetup) => {
  const server = http.createServer({ requestTimeout: 0 }, (request, answer) => {
    if (request.method === 'GET') openStream(request, answer);
    else answerCall(request, answer);
  });
  server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => process.send?.({ ready: true }));
});
