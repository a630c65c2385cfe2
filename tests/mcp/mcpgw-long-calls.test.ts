import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as sdk2 from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { answerMessage, type JsonRpcMessage } from '../fixtures/small-mcp.js';

/** Calls that are being worked on. */
let working = 0;

/** A server whose tool tells how far it is, and never ends when it is asked to wait. */
function startSlowServer(): Promise<Listening> {
  return listen((req, res) => {
    text(req).then(
      (body) => {
        const message = (body === '' ? {} : JSON.parse(body)) as JsonRpcMessage;
        const answer = answerMessage(message);
        if (message.method !== 'tools/call') {
          res.writeHead(answer ? 200 : 202, { 'content-type': 'application/json' });
          res.end(answer && JSON.stringify(answer));
          return;
        }
        const { arguments: args, _meta } = message.params as {
          arguments: { text: string };
          _meta?: { progressToken?: unknown };
        };
        working += 1;
        res.once('close', () => (working -= 1));
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        const say = (data: object) => res.write(`data: ${JSON.stringify(data)}\n\n`);
        const params = {
          progressToken: _meta?.progressToken,
          progress: 1,
          total: 2,
          message: 'half',
        };
        say({ jsonrpc: '2.0', method: 'notifications/progress', params });
        if (args.text === 'wait') return;
        say({ ...answer });
        res.end();
      },
      () => res.destroy(),
    );
  });
}

interface Told {
  readonly progress: number;
  readonly message?: string | undefined;
}
interface Client {
  call(text: string, tell: (told: Told) => void, signal?: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

const info = { name: 'gateway-tests', version: '1.0.0' };
const paramsOf = (said: string) => ({
  name: 'call_tool',
  arguments: { server: '/slow', tool: 'echo', arguments: { text: said } },
});

async function connect1(url: URL, requestInit: RequestInit): Promise<Client> {
  const client = new ClientV1(info);
  await client.connect(new HttpV1(url, { requestInit }));
  return {
    call: (said, onprogress) => client.callTool(paramsOf(said), undefined, { onprogress }),
    close: () => client.close(),
  };
}

async function connect2(url: URL, requestInit: RequestInit): Promise<Client> {
  const client = new sdk2.Client(info, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new sdk2.StreamableHTTPClientTransport(url, { requestInit }));
  return {
    call: (said, onprogress, signal) =>
      client.callTool(paramsOf(said), { onprogress, ...(signal && { signal }) }),
    close: () => client.close(),
  };
}

describe.each([
  { name: 'SDK 1.x', connect: connect1 },
  { name: 'SDK 2.x', connect: connect2 },
])('a long call through mcpgw, by $name', ({ name, connect }) => {
  let gateway: TestGateway;
  let slow: Listening;
  let client: Client;
  beforeAll(async () => {
    [gateway, slow] = await Promise.all([startTestGateway(), startSlowServer()]);
    await gateway.register({ name: 'Slow', path: '/slow', url: `${slow.url}/mcp` });
    const made = await gateway.api('/api/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'x', scopes: ['write'] }),
    });
    const { token } = (await made.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    client = await connect(new URL(`${gateway.url}/mcpgw/mcp`), { headers });
  });
  afterAll(async () => {
    await client.close();
    await gateway.close();
    await slow.close();
  });

  it('tells how far it is', async () => {
    const told: Told[] = [];
    const result = await client.call('hello', (progress) => told.push(progress));
    expect(result).toMatchObject({ content: [{ text: 'hello' }] });
    expect(told).toMatchObject([{ progress: 1, message: 'half' }]);
  });

  it('ends at the server when the caller gives it up', async () => {
    const leaving = new AbortController();
    const told: Told[] = [];
    const call = client.call('wait', (progress) => told.push(progress), leaving.signal);
    const outcome = call.then(
      () => 'done',
      () => 'given up',
    );
    // Not only at the end, but while it works.
    await eventually(
      () => Promise.resolve(told.length),
      (count) => count === 1,
    );
    expect(working).toBe(1);
    // Before 2026-07-28 a request cannot be cancelled where nothing is remembered of it; leaving does.
    if (name === 'SDK 1.x') await client.close();
    else leaving.abort();
    expect(await outcome).toBe('given up');
    await eventually(
      () => Promise.resolve(working),
      (count) => count === 0,
    );
  });
});
