import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { startConformanceServer, type ConformanceServer } from '../fixtures/conformance-server.js';
import { startEverythingServer, type EverythingServer } from '../fixtures/everything-server.js';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { readEvents } from '../fixtures/read-events.js';
import { answerMessage, type JsonRpcMessage } from '../fixtures/small-mcp.js';

let gateway: TestGateway;
let everything: EverythingServer;
let events: EverythingServer;
let conformance: ConformanceServer;
let held: HeldServer;

/** A server whose tool tells of its progress once and is held until somebody lets go, or leaves. */
interface HeldServer {
  readonly listening: Listening;
  readonly working: () => number;
  release(): void;
}

async function startHeldServer(): Promise<HeldServer> {
  const waiting = new Set<() => void>();
  const listening = await listen((req, res) => {
    text(req).then(
      (body) => {
        const message = (body === '' ? {} : JSON.parse(body)) as JsonRpcMessage;
        if (message.method !== 'tools/call') {
          const answer = answerMessage(message);
          res.writeHead(answer ? 200 : 202, { 'content-type': 'application/json' });
          res.end(answer && JSON.stringify(answer));
          return;
        }
        const { progressToken } = (message.params?._meta ?? {}) as { progressToken?: unknown };
        const send = (rest: object) =>
          res.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...rest })}\n\n`);
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        send({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
        const release = () => {
          send({ id: message.id, result: { content: [] } });
          res.end();
        };
        waiting.add(release);
        res.once('close', () => waiting.delete(release));
      },
      () => res.destroy(),
    );
  });
  return {
    listening,
    working: () => waiting.size,
    release: () => waiting.forEach((release) => release()),
  };
}

async function created(at: string, input: object): Promise<Record<string, string>> {
  const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
  if (answer.status !== 201) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

const tokenWith = async (name: string, more: object) =>
  (await created('/api/tokens', { name, scopes: ['write'], ...more })).token ?? '';

interface Wanted {
  readonly tool: string;
  readonly args?: object;
  readonly token: string;
  readonly signal?: AbortSignal;
}

/** Through nginx, as a browser does. */
const stream = (server: string, { tool, args = {}, token, signal }: Wanted) =>
  fetch(`${gateway.url}/api/servers${server}/tools/${tool}/call`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ arguments: args }),
    ...(signal && { signal }),
  });

let admin: string;
let agent: string;

beforeAll(async () => {
  [gateway, everything, events, conformance, held] = await Promise.all([
    startTestGateway(),
    startEverythingServer('streamable-http'),
    startEverythingServer('sse'),
    startConformanceServer(),
    startHeldServer(),
  ]);
  const access = 'authenticated';
  await gateway.register({ name: 'E', path: '/everything', url: everything.url, access });
  await gateway.register({ name: 'S', path: '/events', url: events.url, access });
  await gateway.register({ name: 'C', path: '/conformance', url: conformance.url, access });
  await gateway.register({ name: 'H', path: '/held', url: `${held.listening.url}/mcp`, access });
  await created('/api/groups', {
    name: 'some',
    servers: ['*'],
    tools: ['trigger-long-running-operation', 'echo'],
  });
  admin = await tokenWith('admin', { scopes: ['admin'] });
  agent = await tokenWith('agent', { groups: ['some'] });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([
    everything.close(),
    events.close(),
    conformance.close(),
    held.listening.close(),
  ]);
});

describe('a streamed tool call through nginx', () => {
  it.each(['/everything', '/events'])(
    'tells of the progress of a real server (%s), also to a caller with single tools',
    async (server) => {
      const args = { duration: 0.4, steps: 4 };
      const tool = 'trigger-long-running-operation';
      const answer = await stream(server, { tool, args, token: agent });
      expect(answer.headers.get('content-type')).toContain('text/event-stream');
      const told = readEvents(await answer.text());
      expect(told.map(({ event }) => event)).toEqual([
        ...Array.from({ length: 4 }, () => 'progress'),
        'result',
      ]);
      expect(told[1]?.data).toEqual({ progress: 2, total: 4 });
      expect(told[4]?.data).toMatchObject({ content: [{ type: 'text' }] });
    },
  );

  it('tells of progress and log lines of a server of 2026-07-28', async () => {
    const progress = await stream('/conformance', {
      tool: 'test_tool_with_progress',
      token: admin,
    });
    expect(readEvents(await progress.text()).map(({ data }) => data)).toMatchObject([
      { progress: 0, total: 100, message: '0 of 100' },
      { progress: 50 },
      { progress: 100 },
      { content: [{ type: 'text' }] },
    ]);
    const log = await stream('/conformance', { tool: 'test_logging_tool', token: admin });
    expect(readEvents(await log.text())).toMatchObject([
      { event: 'log', data: { level: 'info', data: 'Asked for.' } },
      { event: 'result' },
    ]);
  });

  it('sends each event when it happens', async () => {
    const answer = await stream('/held', { tool: 'echo', token: agent });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    expect(readEvents(String(first?.value))).toEqual([
      { event: 'progress', data: { progress: 1 } },
    ]);
    // Nothing has been buffered up to here: the tool is still at it.
    expect(held.working()).toBe(1);
    held.release();
    const last = await reader?.read();
    expect(readEvents(String(last?.value))).toEqual([{ event: 'result', data: { content: [] } }]);
    expect(await reader?.read()).toMatchObject({ done: true });
  });

  it('is cancelled at the server when the caller leaves', async () => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const answer = await stream('/held', { tool: 'echo', token: agent, signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    expect(held.working()).toBe(1);
    leaving.abort();
    await eventually(held.working, (count) => count === 0);
  });

  it('ends with the problem of what the caller may not use', async () => {
    const answer = await stream('/everything', { tool: 'get-env', token: agent });
    expect(readEvents(await answer.text())).toMatchObject([
      { event: 'problem', data: { code: 'forbidden', status: 403 } },
    ]);
  });
});

describe('the trial of a server through the gateway', () => {
  const tried = async (server: string, token: string) => {
    const answer = await fetch(`${gateway.registryUrl}/api/servers${server}/try`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const well = (name: string) => ({ name, ok: true, durationMs: expect.any(Number) });

  it('finds a server as its callers find it', async () => {
    expect(await tried('/everything', agent)).toEqual({
      status: 200,
      body: {
        ok: true,
        url: `${gateway.url}/everything/mcp`,
        steps: [well('initialize'), well('tools/list')],
        era: 'legacy',
        protocolVersion: expect.stringMatching(/^2025-/),
        serverInfo: expect.objectContaining({ name: expect.any(String) }),
        toolCount: 2,
      },
    });
    const all = await tried('/everything', admin);
    expect(all.body.toolCount).toBeGreaterThan(2);
  });

  it('finds servers of HTTP+SSE and of 2026-07-28', async () => {
    expect((await tried('/events', admin)).body).toMatchObject({
      ok: true,
      url: `${gateway.url}/events/sse`,
      era: 'legacy',
    });
    expect((await tried('/conformance', admin)).body).toMatchObject({
      ok: true,
      era: 'modern',
      steps: [well('server/discover'), well('tools/list')],
      toolCount: expect.any(Number),
    });
  });

  it('says what the gateway says of callers without rights, of disabled servers and of dead ones', async () => {
    await created('/api/groups', { name: 'none', servers: ['/elsewhere'], tools: ['*'] });
    await gateway.register({ name: 'P', path: '/public', url: everything.url, enabled: false });
    await gateway.register({ name: 'D', path: '/dead', url: 'http://127.0.0.1:9/mcp' });
    const failed = (detail: RegExp) => ({
      status: 200,
      body: {
        ok: false,
        steps: [{ name: 'initialize', ok: false, detail: expect.stringMatching(detail) }],
      },
    });
    expect(await tried('/public', agent)).toMatchObject(failed(/disabled/i));
    expect(await tried('/dead', agent)).toMatchObject(failed(/gateway says/i));
    const nobody = await tokenWith('nobody', { groups: ['none'] });
    expect(await tried('/everything', nobody)).toMatchObject(failed(/gateway says/i));
  });
});
