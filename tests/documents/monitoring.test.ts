import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { metricSources } from '../../registry/compose/metric-sources.js';
import { createMetrics } from '../../registry/usage/metrics.js';
import { createFakeGateway } from '../fakes/fake-gateway.js';
import { createFakeMonitor } from '../fakes/fake-monitor.js';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.js';
import { createMemoryStore } from '../fakes/memory-store.js';

const FOLDER = 'scripts/monitoring';
const text = (name: string) => readFileSync(path.join(FOLDER, name), 'utf8');
const METRIC = /\b(?:mcp_gateway|nodejs|process)_[a-z0-9_]+/g;

async function known(): Promise<ReadonlySet<string>> {
  const metrics = createMetrics(
    metricSources({
      store: createMemoryStore(),
      gateway: createFakeGateway(),
      monitor: createFakeMonitor(),
      auditLog: createMemoryAuditLog(),
      figures: { torn: 0, lostBytes: 0, unreadBytes: 0, fault: undefined },
      liveConnections: () => 0,
      connections: () => Promise.resolve({}),
      version: '1.2.3',
    }),
  );
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('# TYPE '));
  return new Set(lines.map((line) => line.split(' ')[2] ?? ''));
}

describe('what Prometheus and Grafana are given', () => {
  it.each(readdirSync(FOLDER))('in %s asks for metrics that there are', async (name) => {
    const metrics = await known();
    const asked = text(name).match(METRIC) ?? [];
    const unknown = asked.filter((of) => !metrics.has(of.replace(/_(?:bucket|sum|count)$/, '')));
    expect(unknown).toEqual([]);
  });

  it('can be read, and asks for something', () => {
    expect(parse(text('alerts.yml'))).toMatchObject({ groups: [{ name: 'mcp-gateway' }] });
    expect(JSON.parse(text('grafana-dashboard.json'))).toMatchObject({ title: 'MCP Gateway' });
    expect(text('grafana-dashboard.json').match(METRIC)?.length).toBeGreaterThan(15);
  });
});
