import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { openRawStream, rawRequest } from '../fixtures/raw-http.js';

interface Arrival {
  readonly url: string;
  bytes: number;
}

const PART = 'x'.repeat(70_000);

let gateway: TestGateway;
let upstream: Listening;
let token = '';
const arrivals: Arrival[] = [];

beforeAll(async () => {
  upstream = await listen((req, res) => {
    if (req.method === 'GET' && req.url === '/sse') {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('event: endpoint\ndata: /message?sessionId=1\n\n');
      return;
    }
    const arrival = { url: req.url ?? '', bytes: 0 };
    arrivals.push(arrival);
    req.on('data', (chunk: Buffer) => (arrival.bytes += chunk.length));
    req.once('end', () => res.writeHead(202).end());
  });
  gateway = await startTestGateway();
  token = readFileSync(path.join(gateway.dataDir, 'operator-token'), 'utf8').trim();
  const url = `${upstream.url}/mcp`;
  const transport = 'streamable-http';
  const servers = [
    { name: 'usual', path: '/usual', url, transport },
    { name: 'own', path: '/own', url, transport, timeoutSeconds: 50 },
    { name: 'shown', path: '/shown', url, transport, auth: { type: 'bearer', token: 'abc' } },
    { name: 'closed', path: '/closed', url, transport, access: 'authenticated' },
    { name: 'old', path: '/old', url: `${upstream.url}/sse`, transport: 'sse' },
  ];
  for (const server of servers) await gateway.register(server);
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** Begins a call whose body does not end before `finish`. */
function begin(at: string, length: 'content-length: 3000000' | 'transfer-encoding: chunked') {
  const { host, hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  const size = length.startsWith('transfer') ? `${PART.length.toString(16)}\r\n` : '';
  // A connection takes its first request another way.
  socket.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  socket.once('data', () => {
    socket.write(
      `POST ${at} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\n${length}\r\n\r\n${size}${PART}`,
    );
  });
  return socket;
}

describe('a body that is not held in memory', () => {
  it.each(['/usual/mcp', '/own/mcp', '/shown/mcp', '/closed/mcp', '/old/message?sessionId=1'])(
    'reaches the server while it comes, and waits in no file: %s',
    async (at) => {
      const stream = at.startsWith('/old') ? await openRawStream(`${gateway.url}/old/sse`) : null;
      await stream?.until('/old/message');
      for (const length of ['content-length: 3000000', 'transfer-encoding: chunked'] as const) {
        arrivals.length = 0;
        const socket = begin(at, length);
        try {
          await eventually(
            () => arrivals.at(-1)?.bytes,
            (bytes) => bytes === PART.length,
          );
          expect(readdirSync(path.join(gateway.dataDir, 'nginx/tmp/body'))).toEqual([]);
        } finally {
          socket.destroy();
        }
      }
      stream?.close();
    },
  );

  it('that is small reaches the server when it is whole', async () => {
    arrivals.length = 0;
    await rawRequest(gateway.url, { path: '/usual/mcp', method: 'POST', body: '{}' });
    expect(arrivals).toEqual([{ url: '/mcp', bytes: 2 }]);
  });
});
