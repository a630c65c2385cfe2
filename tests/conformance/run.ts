import { parseArgs } from 'node:util';
import { startConformanceServer } from '../fixtures/conformance-server.js';
import { startEverythingServer } from '../fixtures/everything-server.js';
import type { TestGateway } from '../fixtures/gateway.js';
import { compare, judge, type Verdict } from './compare.js';
import { judgeOwnServer } from './own-server.js';
import { runSuite, type Requirements } from './suite.js';
import { openOwnServer, openWay, ways } from './ways.js';

const RUN_DEADLINE_MS = 300_000;

interface Upstream {
  readonly name: string;
  /** Whether it is known to be right, so that any failure or difference is one of ours. */
  readonly exact: boolean;
  start(): Promise<{ readonly url: string; close(): Promise<void> }>;
}

const upstreams: readonly Upstream[] = [
  { name: 'fixture', exact: true, start: () => startConformanceServer() },
  {
    name: 'server-everything',
    exact: false,
    start: () => startEverythingServer('streamable-http'),
  },
];
const revisions: readonly Requirements[] = ['2025-11-25', '2026-07-28'];

interface Report {
  readonly title: string;
  readonly verdicts: readonly Verdict[];
}

/** Runs the suite without a gateway and, where there is one, in each way through it. */
async function check(
  upstream: Upstream,
  requirements: Requirements,
  gateway: TestGateway | undefined,
): Promise<Report[]> {
  const title = `${upstream.name}, ${requirements}`;
  const server = await upstream.start();
  try {
    const direct = await runSuite(server.url, requirements, RUN_DEADLINE_MS);
    if (!gateway) return [{ title, verdicts: judge(direct, upstream.exact) }];
    const path = `/${upstream.name}-${requirements}`;
    const reports: Report[] = [];
    for (const way of upstream.exact ? ways : ways.slice(0, 1)) {
      const opened = await openWay(gateway, way, { path, url: server.url });
      try {
        const proxied = await runSuite(opened.url, requirements, RUN_DEADLINE_MS);
        const verdicts = compare(direct, proxied, upstream.exact);
        reports.push({ title: `${title}, ${way.name}`, verdicts });
      } finally {
        await opened.close();
      }
    }
    return reports;
  } finally {
    await server.close();
  }
}

/** Runs the suite against the registry's own MCP server, as an administrator. */
async function checkOwnServer(gateway: TestGateway): Promise<Report[]> {
  const reports: Report[] = [];
  const proxy = await openOwnServer(gateway);
  try {
    for (const requirements of revisions) {
      const result = await runSuite(proxy.url, requirements, RUN_DEADLINE_MS);
      reports.push({ title: `mcpgw, ${requirements}`, verdicts: judgeOwnServer(result) });
    }
  } finally {
    await proxy.close();
  }
  return reports;
}

function print(title: string, verdicts: readonly Verdict[]): void {
  console.log(`\n${title}\n${'scenario'.padEnd(54)}${'direct'.padEnd(10)}gateway`);
  for (const { scenario, direct, proxied, ok, reason } of verdicts) {
    const count = (side: Verdict['direct']) => (side ? `${side.passed}/${side.failed}` : '-');
    const scored = (direct ?? proxied)?.scored === false ? `${scenario} (not scored)` : scenario;
    const line = scored.padEnd(54) + count(direct).padEnd(10) + count(proxied).padEnd(10);
    console.log(ok ? line.trimEnd() : `${line}${reason ?? ''}`);
  }
  const sum = (side: 'direct' | 'proxied', key: 'passed' | 'failed') =>
    verdicts.reduce((total, verdict) => total + (verdict[side]?.[key] ?? 0), 0);
  const total = (side: 'direct' | 'proxied') =>
    verdicts.some((verdict) => verdict[side])
      ? `${sum(side, 'passed')}/${sum(side, 'failed')}`
      : '-';
  console.log('total (passed/failed)'.padEnd(54) + total('direct').padEnd(10) + total('proxied'));
}

async function startGateway(): Promise<TestGateway> {
  const { startTestGateway } = await import('../fixtures/gateway.js');
  return startTestGateway();
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { direct: { type: 'boolean', default: false } } });
  const gateway = values.direct ? undefined : await startGateway();
  let passed = 0;
  let failed = 0;
  const count = ({ title, verdicts }: Report) => {
    print(title, verdicts);
    const good = verdicts.filter((verdict) => verdict.ok).length;
    passed += good;
    failed += verdicts.length - good;
  };
  try {
    if (gateway) (await checkOwnServer(gateway)).forEach(count);
    for (const upstream of upstreams) {
      for (const requirements of revisions) {
        (await check(upstream, requirements, gateway)).forEach(count);
      }
    }
  } finally {
    await gateway?.close();
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

process.exit((await main()) ? 0 : 1);
