import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { openRawStream, rawRequest } from '../fixtures/raw-http.js';
import { tokenOfNewUser } from '../fixtures/user-token.js';

const STREAMS = 5;

let gateway: TestGateway;
let upstream: EchoServer;
let token: string;

beforeAll(async () => {
  upstream = await startEchoServer();
  gateway = await startTestGateway({ environment: { MAX_STREAMS_PER_PRINCIPAL: String(STREAMS) } });
  const url = `${upstream.url}/mcp`;
  const transport = 'streamable-http';
  const limits = { callsPerMinute: 1, burst: 2 };
  await Promise.all(
    [
      { name: 'streams', path: '/streams', url: `${upstream.url}/silent/mcp`, transport },
      { name: 'limited', path: '/limited', url, transport, limits },
      { name: 'closed', path: '/closed', url, transport, access: 'authenticated' },
    ].map((server) => gateway.register(server)),
  );
  const group = JSON.stringify({ name: 'few', servers: ['/closed'], tools: ['echo'] });
  await gateway.api('/api/groups', { method: 'POST', body: group });
  token = await tokenOfNewUser(gateway, 'few', ['few']);
}, 60_000);

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const send = (at: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  rawRequest(`${gateway.url}${at}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
  });

/** The figure behind a name with its labels, as Prometheus would read it; 0 where there is none. */
async function figure(series: string): Promise<number> {
  const text = await (await gateway.api('/metrics')).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

const becomes = (series: string, value: number) =>
  eventually(
    () => figure(series),
    (found) => found === value,
  );

const decided = (decision: string, times: number) =>
  becomes(`mcp_gateway_gate_decisions_total{decision="${decision}"}`, times);

describe('the figures for Prometheus', () => {
  it('tell how many streams nginx has open', async () => {
    const writing = 'mcp_gateway_nginx_connections{state="writing"}';
    const idle = await figure(writing);
    const streams = await Promise.all(
      Array.from({ length: STREAMS }, () =>
        openRawStream(`${gateway.url}/streams/mcp`, { headers: { accept: 'text/event-stream' } }),
      ),
    );
    await Promise.all(streams.map((stream) => stream.until('once')));
    await becomes(writing, idle + STREAMS);
    const refused = await rawRequest(`${gateway.url}/streams/mcp`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(refused.status).toBe(429);
    streams.forEach((stream) => stream.close());
    await becomes(writing, idle);
    await becomes('mcp_gateway_limited_calls_total{server="/streams",limit="streams"}', 1);
  });

  it('tell what the gateway decided, and how often calls were above a limit', async () => {
    const passed = await figure('mcp_gateway_gate_decisions_total{decision="passed"}');
    for (const status of [200, 200, 429, 429]) {
      expect((await send('/limited/mcp', { method: 'ping' })).status).toBe(status);
    }
    await becomes('mcp_gateway_limited_calls_total{server="/limited",limit="requests"}', 2);
    await decided('too-many-requests', 2);
    await decided('passed', passed + 2);

    expect((await send('/closed/mcp', { method: 'ping' })).status).toBe(401);
    await decided('authentication-required', 1);
    const authorization = `Bearer ${token}`;
    const forbidden = { method: 'tools/call', params: { name: 'other', arguments: {} } };
    expect((await send('/closed/mcp', forbidden, { authorization })).status).toBe(403);
    await decided('not-permitted', 1);
  });

  it('are nothing that nginx tells anybody else', async () => {
    for (const headers of [{}, { 'x-connections-key': 'a guess' }]) {
      for (const host of ['connections.invalid', new URL(gateway.url).host]) {
        const answer = await rawRequest(gateway.url, {
          path: '/.gateway/connections',
          headers: { ...headers, host },
        });
        expect(answer.status).toBe(host === 'connections.invalid' ? 421 : 404);
        expect(answer.body).not.toContain('writing');
      }
    }
  });
});
