import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readVersion } from '../../registry/gateway/nginx/nginx-commands.js';
import { freePort } from '../fixtures/free-port.js';
import { benchCallers } from './bench-access.js';
import { FULL, QUICK, type BenchPlan } from './bench-plan.js';
import {
  aimsSection,
  capacitySection,
  COMPARED_WAYS,
  costSection,
  latencySection,
  type LoadedResult,
} from './call-tables.js';
import { measureConsole } from './console-pages.js';
import { checkGuard } from './check-guard.js';
import { nginxBin, startPlainNginx } from './plain-nginx.js';
import { measureLive } from './live-clients.js';
import { measurePeers, peersSection } from './peers/measure-peers.js';
import { measureScale } from './measure-scale.js';
import { measureReloads, type ReloadedWay } from './reload-under-load.js';
import {
  consoleSection,
  liveSection,
  machineFacts,
  reloadSection,
  timeToLiveSection,
  type BenchReport,
} from './report.js';
import { scaleSections } from './scale-tables.js';
import { startAll, wayOf, type Stage, type Started } from './start-ways.js';
import { measureStreams } from './streams/measure-streams.js';
import { streamsSections } from './streams/stream-tables.js';
import {
  CONNECTIONS,
  measureCapacity,
  measureLatency,
  measurePaced,
  type Way,
} from './throughput.js';
import { measureTimeToLive } from './time-to-live.js';
import { measureTokens } from './token-scale.js';
import { tokensSection } from './token-tables.js';
import { DIRECT, GUARDED, LARGE_WAYS, LOADED_WAYS, PLAIN, PUBLIC, type WayKind } from './ways.js';
import { upstreamConfig } from './upstream-config.js';
import { requireWrk } from './wrk.js';

type Part = (stage: Stage, plan: BenchPlan) => Promise<Partial<BenchReport>>;

/** By the name on the command line, in the order in which they are measured. Each prints its tables when they are there. */
const PARTS: Readonly<Record<string, Part>> = {
  calls: measureCalls,
  peers: measureBesidePeers,
  async tokens({ folder, upstreamPort, callers }, plan) {
    const upstreamUrl = `http://127.0.0.1:${upstreamPort}`;
    const tokens = await measureTokens({ folder, upstreamUrl, callers, plan });
    console.log(tokensSection(tokens));
    return { tokens };
  },
  async changes({ folder, upstreamPort }, plan) {
    const timeToLive = await measureTimeToLive(folder, `http://127.0.0.1:${upstreamPort}`, plan);
    console.log(timeToLiveSection(timeToLive));
    return { timeToLive };
  },
  async streams(_stage, plan) {
    const streams = await measureStreams(plan);
    console.log(streamsSections(streams));
    return { streams };
  },
  async live(_stage, plan) {
    const live = await measureLive(plan.liveChanges);
    console.log(liveSection(live));
    return { live };
  },
  async console() {
    const pages = await measureConsole();
    console.log(consoleSection(pages));
    return { pages };
  },
  async scale(_stage, plan) {
    const scale = await measureScale(plan);
    console.log(scaleSections(scale));
    return { scale };
  },
};
/** Those for which no load has to be made. */
const WITHOUT_WRK = ['changes', 'streams', 'live', 'console', 'scale'];

async function measureCalls(stage: Stage, plan: BenchPlan): Promise<Partial<BenchReport>> {
  const all = await startAll([...LOADED_WAYS, DIRECT], stage);
  for (const between of ['gateway', 'express', 'undici'] as const) {
    const started = all.get(between);
    if (started !== undefined) await checkGuard(started, stage.callers);
  }
  const way = (kind: WayKind) => wayOf(kind, all, stage.callers);
  const ways = await Promise.all(LOADED_WAYS.map(way));
  const capacity = await measureCapacity(ways, plan);
  console.log(capacitySection(capacity, 'A small tool call, 32 connections'));
  const paced = await measurePaced(ways, plan);
  console.log(latencySection(paced, 'The same, each connection pausing for 10 ms'));
  console.log(aimsSection(capacity, paced));
  const compared = await Promise.all(COMPARED_WAYS.map(way));
  const costs: LoadedResult[] = [];
  for (const connections of plan.connections) {
    const isMeasured = connections === CONNECTIONS;
    const results = isMeasured ? capacity : await measureCapacity(compared, plan, connections);
    costs.push({ load: `${connections} connections`, results });
  }
  costs.push({ load: 'with pauses', results: paced });
  console.log(costSection(costs));
  const latency = await measureLatency([...ways, await way(DIRECT)], plan);
  console.log(latencySection(latency, 'The same, one connection'));
  const large = await measureCapacity(await Promise.all(LARGE_WAYS.map(way)), plan);
  console.log(capacitySection(large, 'A result of 100 kB, 32 connections'));
  const reloaded = [nginxOf(await way(PUBLIC)), nginxOf(await way(PLAIN))];
  const reloads = await measureReloads(reloaded, plan);
  console.log(reloadSection(reloads));
  return { capacity, paced, costs, latency, large, reloads };
}

async function measureBesidePeers(stage: Stage, plan: BenchPlan): Promise<Partial<BenchReport>> {
  const folder = path.join(stage.folder, 'peers');
  mkdirSync(folder);
  const peers = await measurePeers({ ...stage, folder }, plan);
  console.log(peersSection(peers));
  return { peers };
}

function nginxOf(way: Way & Started): ReloadedWay {
  if (way.master === undefined) throw new Error(`${way.name} is no nginx`);
  return { ...way, master: way.master };
}

async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<void> {
  for (const stop of [...stops].reverse()) await stop();
}

/** @param only the part to measure; undefined for all */
async function measure(
  stage: Stage,
  plan: BenchPlan,
  only: string | undefined,
): Promise<Partial<BenchReport>> {
  const date = new Date().toISOString().slice(0, 10);
  const machine = machineFacts((await readVersion(nginxBin())) ?? 'unknown');
  console.log(`${date}, ${machine}`);
  let report: Partial<BenchReport> = { date, machine };
  const upstreams = stage.stops.length;
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue;
    report = { ...report, ...(await part(stage, plan)) };
    await stopAll(stage.stops.splice(upstreams));
  }
  return report;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const { only } = values;
  if (only !== undefined && !(only in PARTS)) {
    throw new Error(`--only ${only}: it can be one of ${Object.keys(PARTS).join(', ')}`);
  }
  if (only === undefined || !WITHOUT_WRK.includes(only)) await requireWrk();
  const folder = mkdtempSync(path.join(tmpdir(), 'gateway-bench-'));
  const stops: Stage['stops'] = [];
  try {
    const upstreamPort = await freePort();
    const upstream = await startPlainNginx(
      path.join(folder, 'upstream'),
      upstreamConfig(upstreamPort),
    );
    stops.push(() => upstream.stop());
    const callers = await benchCallers(GUARDED);
    const stage = { folder, upstreamPort, callers, stops };
    const report = await measure(stage, values.quick ? QUICK : FULL, only);
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
