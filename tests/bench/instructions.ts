import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../fixtures/free-port.js';
import { benchCallers, type BenchCallers } from './bench-access.js';
import { startBenchGateway, type BenchGateway } from './bench-gateway.js';
import {
  requireValgrind,
  startCountedNginx,
  topFunctions,
  totalOf,
  type CountedNginx,
} from './callgrind.js';
import { copyGatewayConfig } from './gateway-copy.js';
import { upstreamConfig } from './upstream-config.js';
import { createCaller } from './keep-calling.js';
import { section } from './markdown-table.js';
import { proxyConfig, startPlainNginx, writePlainConfig, type NginxFiles } from './plain-nginx.js';
import {
  BENCHED_SERVERS,
  callOf,
  COUNTED_WAYS,
  countedWay,
  GUARDED,
  PLAIN,
  urlOf,
} from './ways.js';
import type { Between, WayKind } from './ways.js';

/** Not counted: the first call of a connection, and of a process, is another one than those that follow. */
const WARM_UP_CALLS = 50;
const COUNTED_CALLS = 1000;
const TOP = 30;

interface Stage {
  readonly folder: string;
  readonly upstreamPort: number;
  readonly callers: BenchCallers;
  readonly gateway: BenchGateway;
}

interface Counted {
  readonly kind: WayKind;
  readonly perCall: number;
  readonly profile: string;
}

/** Counts the ways that go through one nginx. */
async function countThrough(
  between: Between,
  kinds: readonly WayKind[],
  stage: Stage,
): Promise<Counted[]> {
  const port = await freePort();
  const folder = path.join(stage.folder, `counted-${between}`);
  const nginx = await startCountedNginx(
    filesOf(between, folder, port, stage),
    path.join(folder, 'callgrind.out'),
  );
  try {
    const counted: Counted[] = [];
    for (const kind of kinds) counted.push(await countWay(kind, nginx, port, stage));
    return counted;
  } finally {
    await nginx.stop();
  }
}

function filesOf(between: Between, folder: string, port: number, stage: Stage): NginxFiles {
  if (between === 'gateway') return copyGatewayConfig(stage.gateway, folder, port);
  const config = proxyConfig(port, stage.upstreamPort, between === 'plain-logged');
  return writePlainConfig(folder, config);
}

async function countWay(
  kind: WayKind,
  nginx: CountedNginx,
  port: number,
  { callers }: Stage,
): Promise<Counted> {
  const origin = `http://127.0.0.1:${port}`;
  const caller = createCaller(urlOf(kind, origin), await callOf(kind, origin, callers));
  try {
    await caller.call(WARM_UP_CALLS);
    const profile = await nginx.profile(() => caller.call(COUNTED_CALLS));
    return { kind, perCall: totalOf(profile) / COUNTED_CALLS, profile };
  } finally {
    caller.close();
  }
}

function table(counted: readonly Counted[]): string {
  const plain = counted.find(({ kind }) => kind === PLAIN)?.perCall;
  const rows = counted.map(({ kind, perCall }) => [
    kind.name,
    kind.title,
    perCall.toFixed(0),
    plain === undefined ? '' : (perCall / plain).toFixed(2),
  ]);
  return section('Instructions of one call', ['--way', 'way', 'instructions', 'x plain'], rows);
}

async function functionTables({ kind, profile }: Counted): Promise<string> {
  const tables = ['inclusive', 'self'] as const;
  const texts = await Promise.all(
    tables.map(async (which) => {
      const rows = (await topFunctions(profile, which, TOP)).map(({ name, instructions }) => [
        (instructions / COUNTED_CALLS).toFixed(0),
        name,
      ]);
      return section(`${kind.title}: ${which}`, ['instructions', 'function'], rows);
    }),
  );
  return texts.join('\n');
}

async function count(stage: Stage, kinds: readonly WayKind[]): Promise<Counted[]> {
  const counted: Counted[] = [];
  for (const between of new Set(kinds.map((kind) => kind.between))) {
    const through = kinds.filter((kind) => kind.between === between);
    counted.push(...(await countThrough(between, through, stage)));
  }
  return counted;
}

/** Starts the upstream and the gateway. @param stops told how each of them is stopped */
async function setStage(folder: string, stops: (() => Promise<void>)[]): Promise<Stage> {
  const upstreamPort = await freePort();
  const upstreamFolder = path.join(folder, 'upstream');
  const upstream = await startPlainNginx(upstreamFolder, upstreamConfig(upstreamPort));
  stops.push(() => upstream.stop());
  const callers = await benchCallers(GUARDED);
  const gateway = await startBenchGateway(
    path.join(folder, 'gateway'),
    `http://127.0.0.1:${upstreamPort}`,
    BENCHED_SERVERS,
    callers,
  );
  stops.push(() => gateway.close());
  return { folder, upstreamPort, callers, gateway };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      way: { type: 'string', multiple: true },
      functions: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const asked = values.way?.map(countedWay);
  const kinds = asked === undefined ? COUNTED_WAYS : [...new Set([PLAIN, ...asked])];
  await requireValgrind();
  const folder = mkdtempSync(path.join(tmpdir(), 'gateway-instructions-'));
  const stops: (() => Promise<void>)[] = [];
  try {
    const counted = await count(await setStage(folder, stops), kinds);
    console.log(table(counted));
    if (values.functions) for (const one of counted) console.log(await functionTables(one));
  } finally {
    for (const stop of stops.reverse()) await stop();
    if (values.keep) console.log(`\nThe profiles are in ${folder}/counted-*/callgrind.out.*`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

await main();
