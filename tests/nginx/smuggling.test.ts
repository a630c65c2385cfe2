import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Aim } from '../fixtures/attempt-bytes.js';
import { callOf } from '../fixtures/bypass-attempts.js';
import {
  startGateStage,
  TARGETS,
  type GateStage,
  type TargetName,
} from '../fixtures/gate-stage.js';
import { sendByteByByte, sendBytes } from '../fixtures/raw-socket.js';

const ECHO = callOf('echo');
const DELETE = callOf('delete');

let stage: GateStage;

beforeAll(async () => {
  stage = await startGateStage();
});

afterAll(() => stage.close());

/** A request with every line as it is given; `framing` takes the place of a content length. */
function requestTo(aim: Aim, body: string, framing?: readonly string[]): string {
  const { host } = new URL(aim.origin);
  return [
    `POST ${aim.endpoint} HTTP/1.1`,
    `Host: ${host}`,
    'Accept: application/json, text/event-stream',
    'Content-Type: application/json',
    ...aim.headers.map(([name, value]) => `${name}: ${value}`),
    ...(framing ?? [`Content-Length: ${body.length}`]),
    '',
    body,
  ].join('\r\n');
}
const anonymous = (aim: Aim): Aim => ({ ...aim, headers: [] });
/** The last request of a connection, after which the gateway closes it. */
const last = (aim: Aim): string =>
  requestTo(aim, '').replace('\r\nAccept', '\r\nConnection: close\r\nAccept');
const hex = (text: string) => text.length.toString(16);
const chunked = (text: string) => `${hex(text)}\r\n${text}\r\n0\r\n\r\n`;

/** What is written on one connection, and how the gateway answers the first request in it. */
const CONNECTIONS: readonly (readonly [string, (aim: Aim) => string, number])[] = [
  [
    'the allowed call and the denied one in a row',
    (aim) => requestTo(aim, ECHO) + requestTo(aim, DELETE),
    200,
  ],
  [
    'the denied call without a token after the allowed one',
    (aim) => requestTo(aim, ECHO) + requestTo(anonymous(aim), DELETE),
    200,
  ],
  [
    'a content length that ends before a second request',
    (aim) => requestTo(aim, ECHO + requestTo(aim, DELETE), [`Content-Length: ${ECHO.length}`]),
    200,
  ],
  [
    'a second request behind the last chunk',
    (aim) => requestTo(aim, chunked(ECHO) + requestTo(aim, DELETE), ['Transfer-Encoding: chunked']),
    200,
  ],
  [
    'a second request in the trailers',
    (aim) =>
      requestTo(aim, chunked(ECHO).slice(0, -2) + requestTo(aim, DELETE), [
        'Transfer-Encoding: chunked',
      ]),
    200,
  ],
  [
    'a length and chunks, the length first',
    (aim) =>
      requestTo(aim, chunked(ECHO) + requestTo(aim, DELETE), [
        `Content-Length: ${chunked(ECHO).length}`,
        'Transfer-Encoding: chunked',
      ]),
    400,
  ],
  [
    'chunks and a length of zero',
    (aim) => requestTo(aim, chunked(DELETE), ['Transfer-Encoding: chunked', 'Content-Length: 0']),
    400,
  ],
  [
    'two lengths',
    (aim) =>
      requestTo(aim, ECHO + DELETE, [
        `Content-Length: ${ECHO.length}`,
        `Content-Length: ${ECHO.length + DELETE.length}`,
      ]),
    400,
  ],
  ...['+77', '0x4d', '77, 77', '77;', '-1', '9'.repeat(30)].map(
    (length): [string, (aim: Aim) => string, number] => [
      `the length "${length}"`,
      (aim) => requestTo(aim, DELETE, [`Content-Length: ${length}`]),
      400,
    ],
  ),
  ...[
    'identity',
    'gzip, chunked',
    'chunked, identity',
    'xchunked',
    '\x0bchunked',
    'chunked;a=b',
  ].map((coding): [string, (aim: Aim) => string, number] => [
    `the transfer encoding "${coding}"`,
    (aim) => requestTo(aim, chunked(DELETE), [`Transfer-Encoding: ${coding}`]),
    501,
  ]),
  [
    'a blank before the colon of the transfer encoding',
    (aim) => requestTo(aim, chunked(DELETE), ['Transfer-Encoding : chunked']),
    400,
  ],
  [
    'a transfer encoding in disguise',
    (aim) =>
      requestTo(aim, ECHO + chunked(DELETE), [
        'Transfer_Encoding: chunked',
        `Content-Length: ${ECHO.length}`,
      ]),
    200,
  ],
  [
    'a content length in disguise',
    (aim) =>
      requestTo(aim, ECHO + DELETE, [
        `Content_Length: ${ECHO.length + DELETE.length}`,
        `Content-Length: ${ECHO.length}`,
      ]),
    200,
  ],
  [
    'a header over two lines',
    (aim) => requestTo(aim, chunked(DELETE), ['X-Long: a', ' b', 'Transfer-Encoding:', ' chunked']),
    400,
  ],
  [
    'a chunk size that overflows',
    (aim) =>
      requestTo(aim, `${'f'.repeat(17)}\r\n${DELETE}\r\n0\r\n\r\n`, ['Transfer-Encoding: chunked']),
    400,
  ],
  [
    'a chunk that is longer than it says',
    (aim) =>
      requestTo(aim, `${hex(ECHO)}\r\n${ECHO}${DELETE}\r\n0\r\n\r\n`, [
        'Transfer-Encoding: chunked',
      ]),
    400,
  ],
  [
    'line ends without a carriage return',
    (aim) => requestTo(aim, DELETE).replaceAll('\r\n', '\n'),
    403,
  ],
  [
    // Answered in the way of HTTP/0.9: without a status line.
    'a request line without a version',
    (aim) => requestTo(aim, DELETE).replace(' HTTP/1.1', ''),
    0,
  ],
  ['HTTP/1.0', (aim) => requestTo(aim, DELETE).replace('HTTP/1.1', 'HTTP/1.0'), 403],
  ['HTTP/2 without its preface', (aim) => requestTo(aim, DELETE).replace('/1.1', '/2.0'), 505],
  [
    'an upgrade to HTTP/2',
    (aim) =>
      requestTo(aim, DELETE, [
        `Content-Length: ${DELETE.length}`,
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
      ]),
    403,
  ],
  [
    'an upgrade to a socket',
    (aim) =>
      requestTo(aim, ECHO + requestTo(aim, DELETE), [
        `Content-Length: ${ECHO.length}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
      ]),
    200,
  ],
  [
    'headers that Connection would take away',
    (aim) =>
      requestTo(aim, DELETE, [
        `Content-Length: ${DELETE.length}`,
        'Connection: Authorization, Mcp-Session-Id, Content-Type',
      ]),
    403,
  ],
  ['a second Host', (aim) => requestTo(aim, DELETE).replace('Host:', 'Host: a.b\r\nHost:'), 400],
  [
    'a bad token before the good one',
    (aim) => requestTo(aim, DELETE).replace('Accept:', 'Authorization: Bearer x\r\nAccept:'),
    400,
  ],
  [
    'a bad token after the good one',
    (aim) =>
      requestTo(aim, DELETE, [`Content-Length: ${DELETE.length}`, 'Authorization: Bearer x']),
    400,
  ],
];

describe.each(TARGETS)('on a connection to %s that holds', (target: TargetName) => {
  let before = 0;
  beforeEach(() => {
    before = stage.servers[target].executed.length;
  });

  it.each(CONNECTIONS)('%s, nothing that is denied is executed', async (_name, write, status) => {
    const { executed } = stage.servers[target];
    const aim = stage.aim(target, 'listed');
    const answer = await sendBytes(aim.origin, write(aim) + last(anonymous(aim)));
    const accepted = target === 'HTTP+SSE' && status === 200 ? 202 : status;
    expect(answer.status).toBe(accepted);
    expect(executed.slice(before)).toEqual(status === 200 ? ['echo'] : []);
  });

  it('a call that comes byte by byte, it is read as a whole', async () => {
    const { executed } = stage.servers[target];
    const aim = stage.aim(target, 'listed');
    const bytes = requestTo(aim, DELETE, [`Content-Length: ${DELETE.length}`, 'Connection: close']);
    expect((await sendByteByByte(aim.origin, bytes)).status).toBe(403);
    expect(executed.slice(before)).toEqual([]);
  });
});
