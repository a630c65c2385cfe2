import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../registry/usage/metrics.js';
import { callRecord } from '../../fakes/memory-usage.js';

describe('metrics', () => {
  it('count calls by server and class of status, and what the gate decided', async () => {
    const metrics = createMetrics([]);
    metrics.onCall(callRecord());
    metrics.onCall(
      callRecord({
        status: 429,
        outcome: 'limited',
        ownAnswer: true,
        error: 'too-many-requests',
      }),
    );
    metrics.onCall(callRecord({ status: 403, outcome: 'forbidden', ownAnswer: false }));
    const text = await metrics.text();
    expect(text).toContain(
      'mcp_gateway_calls_total{server="/weather",status="2xx",era="modern"} 1',
    );
    expect(text).toContain(
      'mcp_gateway_calls_total{server="/weather",status="4xx",era="modern"} 2',
    );
    expect(text).toContain('mcp_gateway_gate_decisions_total{decision="passed"} 2');
    expect(text).toContain('mcp_gateway_gate_decisions_total{decision="too-many-requests"} 1');
    expect(text).toContain('mcp_gateway_limited_calls_total{server="/weather",limit="requests"} 1');
    expect(text).toContain('mcp_gateway_call_duration_seconds_count{server="/weather"} 3');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('count sessions that were opened and closed', async () => {
    const metrics = createMetrics([]);
    metrics.onCall(callRecord({ session: 'opened' }));
    metrics.onCall(callRecord({ session: 'closed' }));
    metrics.onCall(callRecord());
    const text = await metrics.text();
    expect(text).toContain('mcp_gateway_sessions_total{change="opened"} 1');
    expect(text).toContain('mcp_gateway_sessions_total{change="closed"} 1');
  });

  it('have a limit to the servers that they tell apart', async () => {
    const metrics = createMetrics([]);
    for (let n = 0; n < 600; n += 1) metrics.onCall(callRecord({ server: `/s${n}` }));
    const text = await metrics.text();
    expect(text).toContain(
      'mcp_gateway_calls_total{server="(other)",status="2xx",era="modern"} 100',
    );
  });

  it('ask for what else there is when they are asked, and forget what is no longer there', async () => {
    let servers = ['/a', '/b'];
    const metrics = createMetrics([
      {
        name: 'server_up',
        help: 'x',
        labels: ['server'],
        read: () => servers.map((server) => ({ labels: { server }, value: 1 })),
      },
      { name: 'reloads_total', help: 'x', isTotal: true, read: () => servers.length },
    ]);
    expect(await metrics.text()).toContain('mcp_gateway_server_up{server="/b"} 1');
    servers = ['/a'];
    const text = await metrics.text();
    expect(text).not.toContain('server="/b"');
    expect(text).toContain('# TYPE mcp_gateway_reloads_total counter\nmcp_gateway_reloads_total 1');
  });
});
