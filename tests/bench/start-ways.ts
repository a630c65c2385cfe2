import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { gateRecordOf, type AdmittedToken } from '../../registry/access/gate-record.js';
import { freePort } from '../fixtures/free-port.js';
import type { BenchCallers } from './bench-access.js';
import { startBenchGateway } from './bench-gateway.js';
import { fillers, type CatalogEntry } from './catalog-file.js';
import { copyGatewayConfig, dropAccessLog } from './gateway-copy.js';
import { nginxBin, proxyConfig, startNginx, startPlainNginx } from './plain-nginx.js';
import { processCpu, workerCpu } from './processor-time.js';
import { startReference } from './references/start-reference.js';
import type { Way } from './throughput.js';
import { BENCHED_SERVERS, callOf, LAST_SERVER, urlOf, type Between, type WayKind } from './ways.js';

const OTHER_SERVERS = 1000;

/** Where the bench takes place. */
export interface Stage {
  readonly folder: string;
  readonly upstreamPort: number;
  readonly callers: BenchCallers;
  /** How what was started is stopped, in reverse order. */
  readonly stops: (() => Promise<void>)[];
}

/** Something that calls go through, as it runs. */
export interface Started {
  /** Its address without a path. */
  readonly origin: string;
  /** Of an nginx: its master. */
  readonly master?: number;
  readonly cpu?: () => number;
  readonly log?: string;
}

/** Starts what the kinds go through, each once. */
export async function startAll(
  kinds: readonly WayKind[],
  stage: Stage,
): Promise<ReadonlyMap<Between, Started>> {
  const all = new Map<Between, Started>();
  for (const between of new Set(kinds.map((kind) => kind.between))) {
    all.set(between, await start(between, stage));
  }
  return all;
}

/** A way through what was started. */
export async function wayOf(
  kind: WayKind,
  all: ReadonlyMap<Between, Started>,
  callers: BenchCallers,
): Promise<Way & Started> {
  const started = all.get(kind.between);
  if (started === undefined) throw new Error(`${kind.between} was not started`);
  const { origin } = started;
  const call = await callOf(kind, origin, callers);
  return { name: kind.title, url: urlOf(kind, origin), call, ...started };
}

function start(between: Between, stage: Stage): Promise<Started> {
  switch (between) {
    case 'plain':
    case 'plain-logged':
      return startProxy(between, stage);
    case 'gateway':
      return startGateway(between, BENCHED_SERVERS, stage);
    case 'unlogged-gateway':
      return startUnlogged(between, stage);
    case 'large-gateway':
      return startGateway(between, [...fillers(OTHER_SERVERS), LAST_SERVER], stage);
    case 'express':
    case 'undici':
      return startNodeGateway(between, stage);
    case 'nothing':
      return Promise.resolve({ origin: upstreamOf(stage) });
  }
}

function upstreamOf({ upstreamPort }: Stage): string {
  return `http://127.0.0.1:${upstreamPort}`;
}

async function startProxy(between: Between, stage: Stage): Promise<Started> {
  const port = await freePort();
  const folder = path.join(stage.folder, between);
  const isLogged = between === 'plain-logged';
  const nginx = await startPlainNginx(folder, proxyConfig(port, stage.upstreamPort, isLogged));
  stage.stops.push(() => nginx.stop());
  return {
    origin: `http://127.0.0.1:${port}`,
    master: nginx.pid,
    cpu: () => workerCpu(nginx.pid),
    ...(isLogged && { log: path.join(folder, 'logs', 'access.log') }),
  };
}

async function startGateway(
  between: Between,
  servers: readonly CatalogEntry[],
  stage: Stage,
): Promise<Started> {
  const dataDir = path.join(stage.folder, between);
  const gateway = await startBenchGateway(dataDir, upstreamOf(stage), servers, stage.callers);
  stage.stops.push(() => gateway.close());
  return {
    origin: gateway.url,
    master: gateway.nginxPid,
    cpu: () => workerCpu(gateway.nginxPid),
    log: path.join(dataDir, 'nginx', 'logs', 'access.log'),
  };
}

/** An nginx beside that of a gateway, as that has it. */
async function startUnlogged(between: Between, stage: Stage): Promise<Started> {
  const dataDir = path.join(stage.folder, between);
  const gateway = await startBenchGateway(
    dataDir,
    upstreamOf(stage),
    BENCHED_SERVERS,
    stage.callers,
  );
  stage.stops.push(() => gateway.close());
  const port = await freePort();
  const files = copyGatewayConfig(gateway, path.join(stage.folder, 'no-log'), port);
  dropAccessLog(files);
  const nginx = await startNginx([nginxBin(), '-g', 'daemon off;'], files);
  stage.stops.push(() => nginx.stop());
  return {
    origin: `http://127.0.0.1:${port}`,
    master: nginx.pid,
    cpu: () => workerCpu(nginx.pid),
  };
}

async function startNodeGateway(between: 'express' | 'undici', stage: Stage): Promise<Started> {
  const port = await freePort();
  const folder = path.join(stage.folder, between);
  mkdirSync(folder);
  const log = path.join(folder, 'access.log');
  const reference = await startReference(between, {
    port,
    upstream: upstreamOf(stage),
    logFile: log,
    records: recordsOf(stage.callers),
  });
  stage.stops.push(() => reference.stop());
  return { origin: `http://127.0.0.1:${port}`, cpu: () => processCpu(reference.pid), log };
}

/** What the gate knows, for gateways of another make. */
function recordsOf({ tokens, accounts, groups }: BenchCallers): Record<string, AdmittedToken> {
  const records: Record<string, AdmittedToken> = {};
  for (const token of tokens) {
    const owner = accounts.find(({ username }) => username === token.owner);
    const record = gateRecordOf(token, owner, groups, 'bench');
    if (record !== undefined) records[token.sha256] = record;
  }
  return records;
}
