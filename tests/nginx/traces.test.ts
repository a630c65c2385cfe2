import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBlackHole } from '../fixtures/black-hole.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { createRegistryProcess } from '../fixtures/registry-process.js';
import {
  startTraceCollector,
  type CollectedSpan,
  type TraceCollector,
} from '../fixtures/trace-collector.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER_SPAN = 'b7ad6b7169203331';

let collector: TraceCollector;
let upstream: EchoServer;
let gateway: TestGateway;

/** The first span that arrives of which this holds. */
async function spanWith(holds: (span: CollectedSpan) => boolean): Promise<CollectedSpan> {
  const found = await eventually(
    () => collector.spans.find(holds),
    (span) => span !== undefined,
  );
  if (found === undefined) throw new Error('no such span');
  return found;
}

beforeAll(async () => {
  [collector, upstream] = await Promise.all([startTraceCollector(), startEchoServer()]);
  gateway = await startTestGateway({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=of%20the%20collector',
      OTEL_SERVICE_NAME: 'registry-under-test',
      HEALTH_CHECK_INTERVAL_SECONDS: '1',
    },
  });
  await gateway.register({
    name: 'traced',
    path: '/team/traced',
    url: `${upstream.url}/up/mcp`,
    transport: 'streamable-http',
  });
}, 60_000);

afterAll(async () => {
  await gateway.close();
  await Promise.all([collector.close(), upstream.close()]);
});

describe('the traces of the registry', () => {
  it('tell of each request by method, route and status, and of nothing that it asks with', async () => {
    const answer = await gateway.api('/api/servers/team/traced?canary=of-the-query');
    expect(answer.status).toBe(200);
    const span = await spanWith(({ name }) => name === 'GET /api/servers/*path');
    expect(span).toMatchObject({ service: 'registry-under-test', kind: 2, failed: false });
    expect(span.facts).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/servers/*path',
      'http.response.status_code': 200,
      'mcp_gateway.request_id': answer.headers.get('x-request-id'),
    });
    expect(JSON.stringify(collector.spans)).not.toMatch(/of-the-query|mcpgw_/);
    expect(collector.headers).toMatchObject({ 'x-api-key': 'of the collector' });
  });

  it("go on with the trace of the caller, also where the caller's word makes no sense", async () => {
    const ask = (traceparent: string) =>
      gateway.api('/api/groups', { headers: { traceparent } }).then((answer) => answer.text());
    await ask(`00-${TRACE_ID}-${CALLER_SPAN}-01`);
    expect(await spanWith(({ traceId }) => traceId === TRACE_ID)).toMatchObject({
      name: 'GET /api/groups',
      parentId: CALLER_SPAN,
    });
    await ask('00-nonsense');
    await spanWith((span) => span.name === 'GET /api/groups' && span.parentId === '');
  });

  it('tell what it took to bring a change about, as a part of the request that wanted it', async () => {
    const traceId = '1'.repeat(32);
    const answer = await gateway.api('/api/servers/team/traced', {
      method: 'PATCH',
      headers: { traceparent: `00-${traceId}-${CALLER_SPAN}-01` },
      body: JSON.stringify({ timeoutSeconds: 77 }),
    });
    expect(await answer.json()).toMatchObject({ gateway: { state: 'applied' } });
    const apply = await spanWith((s) => s.traceId === traceId && s.name === 'gateway apply');
    const request = await spanWith((s) => s.traceId === traceId && s.kind === 2);
    expect(apply.parentId).toBe(request.spanId);
    expect(apply.facts).toMatchObject({ 'mcp_gateway.state': 'applied' });
    const steps = collector.spans.filter(({ parentId }) => parentId === apply.spanId);
    expect(steps.map(({ name }) => name)).toEqual([
      'gateway render',
      'gateway test',
      'gateway reload',
      'gateway verify',
    ]);
    expect(steps.every(({ durationMs }) => durationMs <= apply.durationMs)).toBe(true);
    expect(steps[1]?.durationMs).toBeGreaterThan(0);
  });

  it('reach the upstreams that the registry asks, of which host and port are told', async () => {
    const traceId = '2'.repeat(32);
    await gateway.api('/api/servers/team/traced/refresh', {
      method: 'POST',
      headers: { traceparent: `00-${traceId}-${CALLER_SPAN}-01`, tracestate: 'vendor=1' },
    });
    const check = await spanWith((s) => s.traceId === traceId && s.name === 'server check');
    expect(check.facts).toEqual({
      'mcp_gateway.server': '/team/traced',
      'mcp_gateway.reachable': 'yes',
      'mcp_gateway.usable': 'ok',
    });
    const discovery = await spanWith((s) => s.traceId === traceId && s.name === 'server discovery');
    expect(discovery.parentId).toBe(check.spanId);
    const calls = collector.spans.filter((span) => span.traceId === traceId && span.kind === 3);
    expect(calls[0]?.facts).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(upstream.url).port),
    });
    const seen = upstream.requests
      .map(({ headers }) => headers)
      .filter((headers) => String(headers.traceparent).includes(traceId));
    expect(seen.map(({ traceparent }) => traceparent)).toEqual(
      calls.map(({ spanId }) => `00-${traceId}-${spanId}-01`),
    );
    expect(seen.map(({ tracestate }) => tracestate)).toEqual(calls.map(() => 'vendor=1'));
  });

  it('reach the upstream of a tool that somebody runs through the registry, past nginx', async () => {
    const traceId = '3'.repeat(32);
    await gateway.api('/api/servers/team/traced/tools/echo/call', {
      method: 'POST',
      headers: { traceparent: `00-${traceId}-${CALLER_SPAN}-01` },
      body: JSON.stringify({ arguments: {} }),
    });
    const { spanId } = await spanWith((s) => s.traceId === traceId && s.kind === 3);
    const seen = upstream.requests.map(({ headers }) => headers.traceparent);
    expect(seen).toContain(`00-${traceId}-${spanId}-01`);
  });

  it('are of their own where a check was due, although a request has set its timer', async () => {
    const due = await spanWith(({ name, parentId }) => name === 'server check' && parentId === '');
    expect(due.facts).toMatchObject({ 'mcp_gateway.server': '/team/traced' });
  });
});

describe('a collector that hangs', () => {
  it('holds up no request and no end of the registry, and the log tells of it', async () => {
    const hole = await startBlackHole();
    const registry = await createRegistryProcess({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${hole.port}`,
    });
    try {
      await registry.start();
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => registry.api('/api/groups').then(({ status }) => status)),
      );
      expect(new Set(answers)).toEqual(new Set([200]));
      await eventually(
        () => registry.output(),
        (text) => text.includes('Traces cannot be sent'),
        20_000,
      );
      expect(await registry.kill('SIGTERM')).toBe(0);
      expect(registry.output().match(/Traces cannot be sent/g)).toHaveLength(1);
    } finally {
      await registry.close();
      await hole.close();
    }
  }, 60_000);
});
