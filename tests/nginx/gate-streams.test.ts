import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { openRawStream, rawRequest } from '../fixtures/raw-http.js';
import { connectV1, connectV2 } from '../fixtures/sdk-clients.js';
import { TRICKY_TEXT } from '../fixtures/small-mcp.js';
import { endpointShapes, startSseServer, type SseServer } from '../fixtures/sse-server.js';

const shapes = Object.keys(endpointShapes) as (keyof typeof endpointShapes)[];
const slug = (name: string) => `/${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;

let gateway: TestGateway;
const sse = new Map<string, SseServer>();
const tokens: Record<string, string> = {};

async function create(at: string, input: object): Promise<Record<string, string>> {
  const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
  if (answer.status !== 201) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

async function groupToken(name: string, tools: readonly string[], owner = false): Promise<void> {
  await create('/api/groups', { name, servers: ['*'], tools });
  if (!owner) {
    tokens[name] = (await create('/api/tokens', { name, groups: [name] })).token ?? '';
    return;
  }
  await create('/api/users', { username: name, password: 'a password of hers', groups: [name] });
  const login = await fetch(`${gateway.registryUrl}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: name, password: 'a password of hers' }),
  });
  const { csrfToken } = (await login.json()) as { csrfToken: string };
  const made = await fetch(`${gateway.registryUrl}/api/tokens`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-csrf-token': csrfToken,
      cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '',
    },
    body: JSON.stringify({ name, groups: [name] }),
  });
  tokens[name] = ((await made.json()) as { token: string }).token;
}

const bearer = (name: string) => ({ authorization: `Bearer ${tokens[name] ?? ''}` });

beforeAll(async () => {
  gateway = await startTestGateway();
  for (const shape of shapes) {
    const upstream = await startSseServer(endpointShapes[shape]);
    sse.set(shape, upstream);
    await gateway.register({
      name: shape,
      path: slug(shape),
      url: upstream.url,
      transport: 'sse',
      access: 'authenticated',
    });
  }
  await groupToken('all', ['*']);
  await groupToken('echoers', ['echo']);
  await groupToken('others', ['other']);
  await groupToken('bea', ['*'], true);
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([...sse.values()].map((each) => each.close()));
});

describe('a server of HTTP+SSE that asks for a token', () => {
  it.each(shapes)('is used with both SDK clients: %s', async (shape) => {
    const url = `${gateway.url}${slug(shape)}/sse`;
    for (const connect of [connectV1, connectV2]) {
      for (const [token, tools] of [
        ['all', ['echo']],
        ['echoers', ['echo']],
        ['others', []],
      ] as const) {
        const client = await connect({ url, transport: 'sse', headers: bearer(token) });
        try {
          expect(await client.tools()).toEqual(tools);
          const answer = await client.call('echo', { text: TRICKY_TEXT }).then(
            ({ text }) => text,
            (error: unknown) => String(error),
          );
          expect(answer).toContain(token === 'others' ? 'may not call the tool' : TRICKY_TEXT);
        } finally {
          await client.close();
        }
      }
    }
    expect(sse.get(shape)?.posts.join()).not.toContain('gateway_seal');
  });

  it.each(['root-relative', 'session id in the path', 'a path that ends with a slash'] as const)(
    'takes messages from the caller alone who opened the stream: %s',
    async (shape) => {
      const stream = await openRawStream(`${gateway.url}${slug(shape)}/sse`, {
        headers: bearer('all'),
      });
      const event = await stream.until('gateway_seal=');
      const address = /data: ?(\S+)/.exec(event)?.[1] ?? '';
      const post = (path: string, token: string) =>
        rawRequest(gateway.url, {
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...bearer(token) },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
        });
      const posts = sse.get(shape)?.posts ?? [];
      const before = posts.length;
      const bare = address.replace(/[?&]gateway_seal=.*$/, '');
      for (const [path, token] of [
        [address, 'bea'],
        [bare, 'all'],
        [bare, 'bea'],
        [`${address.slice(0, -1)}${address.endsWith('0') ? '1' : '0'}`, 'all'],
        [
          address.replace(/([0-9a-f])(-[0-9a-f-]+)/, (_all, digit: string, rest: string) => {
            return `${digit === '0' ? '1' : '0'}${rest}`;
          }),
          'all',
        ],
      ] as const) {
        expectGatewayError(await post(path, token), 404, 'session-not-found');
      }
      expect(posts.length).toBe(before);
      expect((await post(address, 'all')).status).toBe(202);
      expect(posts.at(-1)).toBe(bare.slice(slug(shape).length));
      stream.close();
    },
  );
});

/** What the upstream below answers: the body in pieces, each of them sent alone. */
interface Script {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly (string | Buffer)[];
}

async function play({ status = 200, headers, pieces }: Script, res: ServerResponse) {
  res.writeHead(status, headers);
  for (const piece of pieces) {
    res.write(piece);
    await delay(15);
  }
  res.end();
}

describe('what a caller with some of the tools is told', () => {
  let script: Script = { headers: {}, pieces: [] };
  const upstream = createServer((req, res) => {
    req.resume();
    play(script, res).catch(() => res.destroy());
  });
  const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8' };
  const JSON_TYPE = { 'content-type': 'application/json' };
  const list = {
    jsonrpc: '2.0',
    id: 7,
    result: { tools: [{ name: 'echo', title: 'Ä😀' }, { name: 'other' }] },
  };
  const mine = { ...list, result: { tools: [{ name: 'echo', title: 'Ä😀' }] } };

  beforeAll(async () => {
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    await gateway.register({
      name: 'Scripted',
      path: '/scripted',
      url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/mcp`,
      transport: 'streamable-http',
      access: 'authenticated',
    });
  });
  afterAll(() => {
    upstream.closeAllConnections();
    upstream.close();
  });

  const get = (headers: Readonly<Record<string, string>> = {}) =>
    rawRequest(gateway.url, {
      path: '/scripted/mcp',
      headers: { ...bearer('echoers'), ...headers },
    });
  const post = (token = 'echoers') =>
    rawRequest(gateway.url, {
      path: '/scripted/mcp',
      method: 'POST',
      headers: { ...bearer(token), ...JSON_TYPE },
      body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list' }),
    });
  const dataOf = (body: string) =>
    [...body.matchAll(/^data: ([^\r\n]*)$/gm)].map(([, text]) => JSON.parse(text ?? '') as unknown);

  it.each(['\n', '\r\n', '\r'])(
    'on a stream is filtered, however it is cut, with line ends %j',
    async (end) => {
      const note = { jsonrpc: '2.0', method: 'notifications/message', params: { data: '"tools"' } };
      const bytes = Buffer.from(
        [
          `: ping`,
          ``,
          `id: 1`,
          `event: message`,
          `data: ${JSON.stringify(list)}`,
          ``,
          `data: ${JSON.stringify(note)}`,
          ``,
          `data: cut off`,
        ].join(end),
      );
      const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_each, index) =>
        bytes.subarray(index * 7, index * 7 + 7),
      );
      script = { headers: EVENTS, pieces };
      const { body } = await get({ 'last-event-id': '0' });
      expect(body.replaceAll(end, '\n').startsWith(': ping\n\nid: 1\nevent: message\n')).toBe(true);
      expect(dataOf(body)).toEqual([mine, note]);
      script = { headers: EVENTS, pieces: [bytes] };
      expect(dataOf((await post()).body)).toEqual([mine, note]);
    },
  );

  it('may stand on several lines and in a batch', async () => {
    const text = JSON.stringify([list, { jsonrpc: '2.0', id: 8, result: {} }], null, 1);
    script = { headers: EVENTS, pieces: [`data: ${text.split('\n').join('\ndata: ')}\n\n`] };
    expect(dataOf((await get()).body)).toEqual([[mine, { jsonrpc: '2.0', id: 8, result: {} }]]);
  });

  it('as JSON is filtered whole, without a length that no longer holds', async () => {
    const text = Buffer.from(JSON.stringify(list));
    script = {
      headers: { ...JSON_TYPE, 'content-length': String(text.length) },
      pieces: [text.subarray(0, 70), text.subarray(70)],
    };
    const answer = await post();
    expect(JSON.parse(answer.body)).toEqual(mine);
    expect(answer.headers['content-length']).toBeUndefined();
    expect(JSON.parse((await post('all')).body)).toEqual(list);
  });

  it.each([
    ['compressed', { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync(JSON.stringify(list))],
    ['no JSON', JSON_TYPE, '{"result":{"tools":[{"name":"other"}]}'],
  ])('is withheld when it is %s', async (_how, headers, body) => {
    script = { headers, pieces: [body] };
    const answer = await post();
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { data: { error: 'list-unreadable' } },
    });
    expect(answer.body).not.toContain('other');
  });

  it('of errors is what the server says', async () => {
    script = { status: 404, headers: JSON_TYPE, pieces: ['{"error":"no such session"}'] };
    expect(await post()).toMatchObject({ status: 404, body: '{"error":"no such session"}' });
  });

  it('ends when one message is larger than what the gate keeps', async () => {
    script = { headers: EVENTS, pieces: Array<string>(9).fill('x'.repeat(1024 * 1024)) };
    await expect(get()).rejects.toThrow();
  });

  it('ends when the stream has become longer than nginx can hold, for callers with some tools alone', async () => {
    const event = `data: ${'x'.repeat(1024 * 1024 - 8)}\n\n`;
    script = { headers: EVENTS, pieces: Array<string>(66).fill(event) };
    await expect(get()).rejects.toThrow();
    expect((await get(bearer('all'))).body).toHaveLength(66 * 1024 * 1024);
  });
});
