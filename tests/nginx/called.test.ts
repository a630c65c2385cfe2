import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseLogLine, type CallRecord } from '../../registry/usage/call-record.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { rawRequest } from '../fixtures/raw-http.js';
import { sendByteByByte } from '../fixtures/raw-socket.js';

let gateway: TestGateway;
let upstream: EchoServer;
let sessions: Listening;

beforeAll(async () => {
  upstream = await startEchoServer();
  // Tells the id of the session with each answer, as the SDK's servers do.
  sessions = await listen((req, res) => {
    req.resume().once('end', () => {
      res.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'canary-5e' });
      res.end('{}');
    });
  });
  gateway = await startTestGateway();
  await gateway.register({
    name: 'open',
    path: '/open',
    url: `${upstream.url}/mcp`,
    transport: 'streamable-http',
  });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([upstream.close(), sessions.close()]);
});

const log = () => readFileSync(path.join(gateway.dataDir, 'nginx/logs/access.log'), 'utf8');

/** What is recorded of the call with this id. */
async function recordOf(requestId: unknown): Promise<CallRecord> {
  const line = await eventually(
    () =>
      log()
        .split('\n')
        .find((each) => each.includes(`"requestId":"${String(requestId)}"`)) ?? '',
    (found) => found !== '',
  );
  const parsed = parseLogLine(line);
  if (parsed.kind !== 'call') throw new Error(line);
  return parsed.record;
}

async function recorded(body: string, headers: Record<string, string> = {}): Promise<CallRecord> {
  const answer = await rawRequest(gateway.url, {
    path: '/open/mcp',
    method: 'POST',
    body,
    headers,
  });
  return recordOf(answer.headers['x-request-id']);
}

const call = (params: unknown, method = 'tools/call') =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const ECHO = call({ name: 'echo' });
const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

describe('what a caller before 2026-07-28 calls', () => {
  it.each([
    ['as most libraries write it', call({ name: 'echo', arguments: { name: 'no', method: 'no' } })],
    ['the method first', '{"method":"tools/call","params":{"name":"echo"},"jsonrpc":"2.0","id":1}'],
    ['the method last', '{"params":{"arguments":{},"name":"echo"},"method":"tools/call"}'],
    ['the name behind all else', call({ _meta: { name: 'no' }, arguments: ['}"]'], name: 'echo' })],
    ['with blanks', ' {\n "method" : "tools/call" ,\r\n\t"params" : { "name" : "echo" } }\n'],
    ['within texts', call({ arguments: { a: '","name":"no"}\\' }, name: 'echo' })],
  ])('is named: %s', async (_how, body) => {
    expect(await recorded(body)).toMatchObject({ method: 'tools/call', tool: 'echo', subject: '' });
  });

  it.each([
    [call({ name: 'ü "b" \u{1f600}' }), 'tools/call', 'ü "b" \u{1f600}', ''],
    [call({ name: 'greet' }, 'prompts/get'), 'prompts/get', '', 'greet'],
    [
      call({ name: 'no', uri: 'file:///a?key=1' }, 'resources/read'),
      'resources/read',
      '',
      'file:///a',
    ],
    [
      '{"method":"resources/read","params":{"uri":"https:\\/\\/a"}}',
      'resources/read',
      '',
      'https://a',
    ],
    [
      '{"method":"resources/read","params":{"uri":"file:///a\\u003fkey=1"}}',
      'resources/read',
      '',
      'file:///a',
    ],
    [call({ name: 'secret' }, 'completion/complete'), 'completion/complete', '', ''],
    [call({ name: 'secret', uri: 'secret' }, 'resources/subscribe'), 'resources/subscribe', '', ''],
    [call({ clientInfo: { name: 'no' } }, 'initialize'), 'initialize', '', ''],
    [call({ cursor: 'no' }, 'tools/list'), 'tools/list', '', ''],
    ['{"jsonrpc":"2.0","method":"notifications/initialized"}', 'notifications/initialized', '', ''],
    [call({ name: 'x'.repeat(300) }), 'tools/call', `${'x'.repeat(200)}...`, ''],
    [call({ name: 'x'.repeat(3000) }), 'tools/call', '', ''],
    [call({ name: ['no'] }), 'tools/call', '', ''],
    [call({ arguments: { name: 'no' } }), 'tools/call', '', ''],
    ['{"jsonrpc":"2.0","id":1,"result":{"method":"no"}}', '', '', ''],
    [`[${call({ name: 'no' })}]`, '', '', ''],
    [`{"id":${DEEP},"method":"tools/call"}`, '', '', ''],
    ['{"method":"a b"}', '', '', ''],
    ['not JSON', '', '', ''],
  ])('is told from the body alone: %s', async (body, method, tool, subject) => {
    expect(await recorded(body)).toMatchObject({ era: 'legacy', method, tool, subject });
  });

  it('is named up to what nginx holds in memory; larger bodies are passed on all the same', async () => {
    const small = call({ name: 'echo', arguments: { text: 'x'.repeat(59_000) } });
    expect(await recorded(small)).toMatchObject({ method: 'tools/call', tool: 'echo' });
    const large = call({ name: 'echo', arguments: { text: 'x'.repeat(3_000_000) } });
    expect(await recorded(large)).toMatchObject({ method: '', tool: '' });
    expect(upstream.requests.at(-1)?.bodyBytes).toBe(large.length);
  });

  it('is named when the body comes byte by byte', async () => {
    const { host } = new URL(gateway.url);
    const head = `POST /open/mcp HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json`;
    const answer = await sendByteByByte(
      gateway.url,
      `${head}\r\nconnection: close\r\ncontent-length: ${ECHO.length}\r\n\r\n${ECHO}`,
    );
    const record = await recordOf(answer.headers['x-request-id']);
    expect(record).toMatchObject({ status: 200, method: 'tools/call', tool: 'echo' });
  });

  it('is not looked for in messages of 2026-07-28, which name it in headers', async () => {
    const headers = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'a',
    };
    expect(await recorded(call({ name: 'b' }), headers)).toMatchObject({
      era: 'modern',
      tool: 'a',
    });
  });

  it('comes with the sessions that were opened and closed', async () => {
    await gateway.register({
      name: 'sessions',
      path: '/sessions',
      url: `${sessions.url}/mcp`,
      transport: 'streamable-http',
    });
    const send = (method: string, headers: Record<string, string>, body = '') =>
      rawRequest(gateway.url, { path: '/sessions/mcp', method, headers, body });
    const of = async (answer: Awaited<ReturnType<typeof send>>) =>
      recordOf(answer.headers['x-request-id']);
    const opened = await send('POST', {}, call({}, 'initialize'));
    expect(await of(opened)).toMatchObject({ method: 'initialize', session: 'opened' });
    const headers = { 'mcp-session-id': String(opened.headers['mcp-session-id']) };
    expect(await of(await send('POST', headers, ECHO))).toMatchObject({ session: '' });
    expect(await of(await send('DELETE', headers))).toMatchObject({ session: 'closed' });
    expect(log()).not.toContain(headers['mcp-session-id']);
  });

  it('leaves arguments out of the log', () => {
    expect(log()).not.toContain('xxxxxxxxxxxx"}}');
    expect(log()).not.toContain('key=1');
    expect(log()).not.toContain('secret');
  });
});
