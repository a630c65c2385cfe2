import { STATUS_CODES, type Server as HttpServer } from 'node:http';
import { RegistryError } from '../errors.js';
import { problemOf } from './problem.js';
import { requestIdOf } from './request-context.js';

/** What Node's parser says of a request that it gives up. */
interface ParserFault extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

/** Requests that Node cannot parse never come to Express. They get a problem document as all others do. */
export function answerUnreadable(http: HttpServer): void {
  http.on('clientError', (fault: ParserFault, socket) => {
    if (fault.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const sent = fault.rawPacket?.toString('latin1') ?? '';
    const requestId = requestIdOf(/^x-request-id: *(\S+)\r?$/im.exec(sent)?.[1]);
    const problem = problemOf(meaningOf(fault), requestId);
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

function meaningOf({ code, message }: ParserFault): RegistryError {
  return code === 'HPE_HEADER_OVERFLOW'
    ? new RegistryError('request-header-too-large', 'The address and the headers are too long.')
    : new RegistryError('malformed-request', `The request cannot be read: ${message}`);
}
