import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSseEvents } from '../../registry/upstream/sse-events.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { listen, type Listening } from '../fixtures/listen.js';

/** What an upstream sends in turn, when its stream is opened. */
type Chunks = readonly (string | Buffer)[];

let gateway: TestGateway;
let upstream: Listening;
let chunks: Chunks = [];
let headers: Readonly<Record<string, string>> = {};
const tokens: Record<string, string> = {};

async function create(at: string, input: object): Promise<Record<string, string>> {
  const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
  if (answer.status !== 201) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

beforeAll(async () => {
  gateway = await startTestGateway();
  upstream = await listen((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    const send = async () => {
      for (const chunk of chunks) {
        res.write(chunk);
        // So that nginx sees them one by one.
        await delay(20);
      }
      res.end();
    };
    send().catch(() => res.destroy());
  });
  const url = `${upstream.url}/sse`;
  await gateway.register({ name: 'Open', path: '/open', url, transport: 'sse' });
  await gateway.register({
    name: 'Guarded',
    path: '/guarded',
    url,
    transport: 'sse',
    access: 'authenticated',
  });
  for (const [name, list] of [
    ['all', ['*']],
    ['some', ['echo']],
  ] as const) {
    await create('/api/groups', { name, servers: ['/guarded'], tools: list });
    tokens[name] = (await create('/api/tokens', { name, groups: [name] })).token ?? '';
  }
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const END = 'event: message\ndata: {"jsonrpc":"2.0"}\n\n';
const WAYS = [
  ['/open', ''],
  ['/guarded', 'all'],
  ['/guarded', 'some'],
] as const;

/** The addresses that a client of the stream is told, as it resolves them; the stream may be cut. */
async function announced(path: string, token: string): Promise<URL[]> {
  const at = `${gateway.url}${path}/sse`;
  const found: URL[] = [];
  try {
    const authorization = `Bearer ${tokens[token] ?? ''}`;
    const { body } = await fetch(at, { headers: { authorization } });
    for await (const { event, data } of readSseEvents(body ?? new ReadableStream())) {
      if (event === 'endpoint') found.push(new URL(data, at));
    }
  } catch {
    // Cut off: what came before counts.
  }
  return found;
}

function isHarmless({ host, pathname }: URL, path: string): boolean {
  if (host !== new URL(gateway.url).host) return true;
  return pathname.startsWith(`${path}/`) || pathname === '/.endpoint-refused';
}

const endpoint = (address: string) => `event: endpoint\ndata: ${address}\n\n`;
const GOOD = endpoint('/message?s=1');
const ELSEWHERE: readonly (readonly [string, (gateway: string) => Chunks])[] = [
  ['a path with dots', () => [endpoint('/../other/mcp')]],
  ['dots in another spelling', () => [endpoint('/x/.%2E/%2e./../other/mcp')]],
  ['a relative path with dots', () => [endpoint('../../other/mcp')]],
  ['backslashes', () => [endpoint('/\\..\\..\\other\\mcp')]],
  ['the address of the gateway', (url) => [endpoint(`${url}/other/mcp`)]],
  ['the same in capitals', (url) => [endpoint(`${url.replace('http', 'HTTP')}/other/mcp`)]],
  ['the same without a scheme', (url) => [endpoint(`${url.slice('http:'.length)}/other/mcp`)]],
  ['the same without slashes', () => [endpoint('http:/other/mcp')]],
  ['a blank before it', (url) => [endpoint(` ${url}/other/mcp`)]],
  [
    'the host as one number',
    (url) => [endpoint(`${url.replace('127.0.0.1', '2130706433')}/o/mcp`)],
  ],
  ['the host in octal', (url) => [endpoint(`${url.replace('127.0.0.1', '0177.0.0.1')}/o/mcp`)]],
  ['the host with a user', (url) => [endpoint(`${url.replace('//', '//a@')}/o/mcp`)]],
  ['the address before the name', () => ['data: /other/mcp\nevent: endpoint\n\n']],
  ['a field in between', () => ['event: endpoint\nid: 1\ndata: /other/mcp\n\n']],
  ['two lines', () => ['event: endpoint\ndata: /message/..\ndata: /../other/mcp\n\n']],
  ['a byte order mark', () => [`\ufeff${endpoint('/other/mcp')}`]],
  [
    'a byte order mark and no UTF-8',
    () => [
      Buffer.concat([Buffer.from(`\ufeff${endpoint('/other/mcp')}: `), Buffer.from([0xff, 0x0a])]),
    ],
  ],
  ['much before it', () => [`: ${'x'.repeat(20_000)}\n\n`, endpoint('/other/mcp')]],
  ['a second time', () => [GOOD, endpoint('/other/mcp')]],
  ['a second time at once', () => [GOOD + endpoint('/other/mcp')]],
  ['a second time in pieces', () => [GOOD, 'event: end', 'point\nda', 'ta: /other/mcp\n\n']],
  ['a second time with CRLF', () => [GOOD, 'event: endpoint\r\ndata: /other/mcp\r\n\r\n']],
  ['a second time with CR', () => [GOOD, 'event:endpoint\rdata:/other/mcp\r\r']],
  ['a second time without a blank', () => [GOOD, 'data: /other/mcp\nevent:endpoint\n\n']],
];

describe('the address for messages that an HTTP+SSE server announces', () => {
  it.each(['text/event-stream; x=y', 'text/event-streams', 'Text/Event-Stream', 'text/html'])(
    'is not that of another server in what is called %s',
    async (type) => {
      headers = { 'content-type': type };
      chunks = [GOOD, endpoint('/other/mcp'), END];
      for (const [path, token] of WAYS) {
        for (const url of await announced(path, token)) {
          expect({ path, token, url: url.href, ok: isHarmless(url, path) }).toMatchObject({
            ok: true,
          });
        }
      }
    },
  );

  it('may be the public one, with the prefix or without', async () => {
    headers = {};
    for (const at of ['/open/message?s=1', '/message?s=1']) {
      chunks = [endpoint(`${gateway.url}${at}`), END];
      expect((await announced('/open', '')).map(({ pathname }) => pathname)).toEqual([
        '/open/message',
      ]);
    }
  });

  it.each(ELSEWHERE)('is not that of another server: %s', async (_what, of) => {
    headers = {};
    chunks = [...of(gateway.url), END];
    for (const [path, token] of WAYS) {
      for (const url of await announced(path, token)) {
        expect({ path, token, url: url.href, ok: isHarmless(url, path) }).toMatchObject({
          ok: true,
        });
      }
    }
  });

  it('is not that of another server in a compressed stream', async () => {
    headers = { 'content-encoding': 'gzip' };
    chunks = [gzipSync(endpoint('/other/mcp') + END)];
    for (const [path, token] of WAYS) expect(await announced(path, token)).toEqual([]);
  });

  it('is told once, as the upstream means it', async () => {
    headers = {};
    chunks = [': hello\n\nevent: endpoint\r', '\ndata: /mess', 'age?s=1\r\n\r\n', END, END];
    for (const [path, token] of WAYS) {
      const found = await announced(path, token);
      expect(found.map(({ pathname }) => pathname)).toEqual([`${path}/message`]);
    }
  });
});
