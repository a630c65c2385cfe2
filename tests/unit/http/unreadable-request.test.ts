import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerUnreadable } from '../../../registry/http/unreadable-request.js';

const http = createServer((_req, res) => res.end());

beforeAll(async () => {
  answerUnreadable(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});
afterAll(() => {
  http.close();
});

async function answerTo(request: string) {
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
  socket.write(request);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, problem: JSON.parse(body) as Record<string, unknown> };
}

describe('a request that cannot be parsed', () => {
  it.each([
    ['FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed-request'],
    ['GET / HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n', 400, 'malformed-request'],
    [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431, 'request-header-too-large'],
  ])('is answered by a problem document (%#)', async (request, status, code) => {
    const { head, problem } = await answerTo(request);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('Content-Type: application/problem+json');
    expect(problem).toMatchObject({ status, code });
    expect(head).toContain(`X-Request-Id: ${String(problem.requestId)}`);
  });

  it('keeps the id that nginx gave', async () => {
    const id = 'f2cfc62c-1795800226.812-328-1';
    const { problem } = await answerTo(`FOO / HTTP/1.1\r\nX-Request-Id: ${id}\r\n\r\n`);
    expect(problem.requestId).toBe(id);
  });
});
