import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readVersion } from '../../registry/gateway/nginx/nginx-commands.js';
import { freePort } from '../fixtures/free-port.js';
import { benchCallers } from './bench-access.js';
import { FULL, QUICK, type BenchPlan } from './bench-plan.js';
import { aimsSection, capacitySection, latencySection } from './call-tables.js';
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
import { measureCapacity, measureLatency, type Way, type WayResult } from './throughput.js';
import { measureTimeToLive } from './time-to-live.js';
import { measureTokens } from './token-scale.js';
import { tokensSection } from './token-tables.js';
import { DIRECT, GUARDED, LOADED_WAYS, PLAIN, PUBLIC, type WayKind } from './ways.js';
import { upstreamConfig } from './upstream-config.js';
import { requireWrk } from './wrk.js';

/** Prints each table as soon as it is there. */
async function measure(stage: Stage, plan: BenchPlan): Promise<BenchReport> {
  const { folder, callers } = stage;
  const upstreamUrl = `http://127.0.0.1:${stage.upstreamPort}`;
  const date = new Date().toISOString().slice(0, 10);
  const machine = machineFacts((await readVersion(nginxBin())) ?? 'unknown');
  console.log(`${date}, ${machine}`);
  const calls = await measureCalls(stage, plan);
  await stopAll(stage.stops.splice(1));
  const peers = await besidePeers(stage, plan);
  const tokens = await measureTokens({ folder, upstreamUrl, callers, plan });
  console.log(tokensSection(tokens));
  const timeToLive = await measureTimeToLive(folder, upstreamUrl, plan);
  console.log(timeToLiveSection(timeToLive));
  const live = await measureLive(plan.liveChanges);
  console.log(liveSection(live));
  const pages = await measureConsole();
  console.log(consoleSection(pages));
  const scale = await measureScale(plan);
  console.log(scaleSections(scale));
  return { date, machine, ...calls, peers, tokens, timeToLive, live, pages, scale };
}

async function measureCalls(
  stage: Stage,
  plan: BenchPlan,
): Promise<Pick<BenchReport, 'capacity' | 'latency' | 'reloads'>> {
  const all = await startAll([...LOADED_WAYS, DIRECT], stage);
  for (const between of ['gateway', 'express', 'undici'] as const) {
    const started = all.get(between);
    if (started !== undefined) await checkGuard(started, stage.callers);
  }
  const way = (kind: WayKind) => wayOf(kind, all, stage.callers);
  const ways = await Promise.all(LOADED_WAYS.map(way));
  const capacity = await measureCapacity(ways, plan);
  console.log(capacitySection(capacity, 'A small tool call, 32 connections'));
  console.log(aimsSection(capacity));
  const latency = await measureLatency([...ways, await way(DIRECT)], plan);
  console.log(latencySection(latency));
  const reloaded = [nginxOf(await way(PUBLIC)), nginxOf(await way(PLAIN))];
  const reloads = await measureReloads(reloaded, plan);
  console.log(reloadSection(reloads));
  return { capacity, latency, reloads };
}

/** Prints its table. */
async function besidePeers(stage: Stage, plan: BenchPlan): Promise<readonly WayResult[]> {
  const folder = path.join(stage.folder, 'peers');
  mkdirSync(folder);
  const peers = await measurePeers({ ...stage, folder }, plan);
  await stopAll(stage.stops.splice(1));
  console.log(peersSection(peers));
  return peers;
}

function nginxOf(way: Way & Started): ReloadedWay {
  if (way.master === undefined) throw new Error(`${way.name} is no nginx`);
  return { ...way, master: way.master };
}

async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<void> {
  for (const stop of [...stops].reverse()) await stop();
}

/** One part of the bench, for which no load has to be made. */
async function part(name: string, plan: BenchPlan): Promise<string> {
  if (name === 'live') return liveSection(await measureLive(plan.liveChanges));
  if (name === 'console') return consoleSection(await measureConsole());
  if (name === 'scale') return scaleSections(await measureScale(plan));
  throw new Error(`--only ${name}: it can be "live", "console", "scale" or "peers"`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const plan = values.quick ? QUICK : FULL;
  if (values.only !== undefined && values.only !== 'peers') {
    console.log(await part(values.only, plan));
    return;
  }
  await requireWrk();
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
    if (values.only === 'peers') {
      await besidePeers(stage, plan);
      return;
    }
    const report = await measure(stage, plan);
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
