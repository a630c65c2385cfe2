import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readVersion } from '../../registry/gateway/nginx/nginx-commands.js';
import { freePort } from '../fixtures/free-port.js';
import { startBenchGateway } from './bench-gateway.js';
import { FULL, QUICK, type BenchPlan } from './bench-plan.js';
import { fillers, type CatalogEntry } from './catalog-file.js';
import { nginxBin, proxyConfig, startPlainNginx, upstreamConfig } from './plain-nginx.js';
import { measureReloads } from './reload-under-load.js';
import {
  capacitySection,
  latencySection,
  machineFacts,
  reloadSection,
  timeToLiveSection,
  type BenchReport,
} from './report.js';
import { measureCapacity, measureLatency, type Way } from './throughput.js';
import { measureTimeToLive } from './time-to-live.js';
import { requireWrk } from './wrk.js';

const BENCHED: CatalogEntry = { path: '/bench', enabled: true };
/** Sorted behind all the others. */
const BENCHED_LAST: CatalogEntry = { path: '/zzz/bench', enabled: true };

interface Stage {
  readonly folder: string;
  readonly upstreamPort: number;
  /** What was started, and how it is stopped. */
  readonly stops: (() => Promise<void>)[];
}

async function startProxy(stage: Stage, name: string, logged: boolean) {
  const port = await freePort();
  const folder = path.join(stage.folder, name);
  mkdirSync(folder);
  const nginx = await startPlainNginx(folder, proxyConfig(port, stage.upstreamPort, logged));
  stage.stops.push(() => nginx.stop());
  const log = logged ? { log: path.join(folder, 'logs', 'access.log') } : {};
  return { url: `http://127.0.0.1:${port}/bench/mcp`, master: nginx.pid, ...log };
}

async function startGateway(stage: Stage, benched: CatalogEntry, others: number) {
  const gateway = await startBenchGateway(
    path.join(stage.folder, `gateway-${others}`),
    `http://127.0.0.1:${stage.upstreamPort}`,
    [benched, ...fillers(others)],
  );
  stage.stops.push(() => gateway.close());
  return {
    url: `${gateway.url}${benched.path}/mcp`,
    master: gateway.nginxPid,
    log: path.join(gateway.dataDir, 'nginx', 'logs', 'access.log'),
  };
}

/** Prints each table as soon as it is there. */
async function measure(stage: Stage, plan: BenchPlan): Promise<BenchReport> {
  const upstreamUrl = `http://127.0.0.1:${stage.upstreamPort}`;
  const plain = { name: 'plain nginx', ...(await startProxy(stage, 'plain', false)) };
  const logged = { name: 'plain nginx, access_log', ...(await startProxy(stage, 'logged', true)) };
  const gateway = { name: 'gateway', ...(await startGateway(stage, BENCHED, 0)) };
  const large = {
    name: 'gateway, 1,000 other servers',
    ...(await startGateway(stage, BENCHED_LAST, 1000)),
  };
  const direct: Way = { name: 'no proxy', url: `${upstreamUrl}/mcp` };
  const date = new Date().toISOString().slice(0, 10);
  const machine = machineFacts((await readVersion(nginxBin())) ?? 'unknown');
  console.log(`${date}, ${machine}`);
  const capacity = await measureCapacity([plain, logged, gateway, large], plan);
  console.log(capacitySection(capacity));
  const latency = await measureLatency([plain, logged, gateway, large, direct], plan);
  console.log(latencySection(latency));
  const reloads = await measureReloads([gateway, plain], plan);
  console.log(reloadSection(reloads));
  await stopAll(stage.stops.splice(1));
  const timeToLive = await measureTimeToLive(stage.folder, upstreamUrl, plan);
  console.log(timeToLiveSection(timeToLive));
  return { date, machine, capacity, latency, timeToLive, reloads };
}

async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<void> {
  for (const stop of [...stops].reverse()) await stop();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  await requireWrk();
  const folder = mkdtempSync(path.join(tmpdir(), 'gateway-bench-'));
  const stops: Stage['stops'] = [];
  try {
    const upstreamPort = await freePort();
    mkdirSync(path.join(folder, 'upstream'));
    const upstream = await startPlainNginx(
      path.join(folder, 'upstream'),
      upstreamConfig(upstreamPort),
    );
    stops.push(() => upstream.stop());
    const report = await measure({ folder, upstreamPort, stops }, values.quick ? QUICK : FULL);
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
      console.log(`\nwritten to ${values.json}`);
    }
  } finally {
    await stopAll(stops);
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
