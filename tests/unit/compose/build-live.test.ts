import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attachLive } from '../../../registry/compose/build-live.js';
import { closeServer, listen } from '../../../registry/compose/http-listener.js';

let http: Server;
let client: Socket;

beforeEach(async () => {
  http = createServer((_request, response) => response.end('answered'));
  attachLive(http, { upgrade: () => undefined });
  await listen(http, { host: '127.0.0.1', port: 0 });
});
afterEach(() => void client.destroy());

/** Sends a request on a connection whose side of the client is never closed. */
function open(method: string): void {
  const { port } = http.address() as AddressInfo;
  client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.write(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
}

async function answerTo(method: string): Promise<string> {
  open(method);
  let answer = '';
  client.setEncoding('utf8').on('data', (part: string) => (answer += part));
  await once(client, 'end');
  return answer;
}

describe('an upgrade that is not for us', () => {
  it.each([
    ['GET', /^HTTP\/1\.1 200 [\s\S]*answered/],
    ['POST', /^HTTP\/1\.1 400 /],
  ])(
    'is answered to %s, and its connection is kept by nobody and holds up no end',
    async (method, answer) => {
      expect(await answerTo(method)).toMatch(answer);
      await expect(closeServer(http)).resolves.toBeUndefined();
    },
    10_000,
  );

  it('holds up no end either when the answer is not read', async () => {
    http.removeAllListeners('request');
    http.on('request', (_request, response) => response.end(Buffer.alloc(32 * 1024 * 1024)));
    open('GET');
    await once(client, 'readable');
    await expect(closeServer(http)).resolves.toBeUndefined();
  }, 10_000);
});
