import { cpus } from 'node:os';
import { ranged, section } from './markdown-table.js';
import type { ConsoleResult } from './console-pages.js';
import type { LiveResult } from './live-clients.js';
import type { ReloadResult } from './reload-under-load.js';
import type { LoadedResult } from './call-tables.js';
import type { Scale } from './scale-tables.js';
import type { StreamsResult } from './streams/measure-streams.js';
import type { WayResult } from './throughput.js';
import type { SizeResult } from './time-to-live.js';
import type { TokenScale } from './token-scale.js';

export interface BenchReport {
  readonly date: string;
  readonly machine: string;
  readonly capacity: readonly WayResult[];
  readonly paced: readonly WayResult[];
  readonly costs: readonly LoadedResult[];
  readonly latency: readonly WayResult[];
  readonly large: readonly WayResult[];
  readonly peers: readonly WayResult[];
  readonly timeToLive: readonly SizeResult[];
  readonly reloads: readonly ReloadResult[];
  readonly tokens: TokenScale;
  readonly streams: StreamsResult;
  readonly live: readonly LiveResult[];
  readonly pages: readonly ConsoleResult[];
  readonly scale: Scale;
}

/** Processor, number of cores, system and Node; nothing that names this machine. */
export function machineFacts(nginxVersion: string): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} x ${model}, ${process.platform}, nginx ${nginxVersion}, Node ${process.versions.node}`;
}

export function reloadSection(ways: readonly ReloadResult[]): string {
  const kept = ['kept: calls', 'resets', 'resets per reload', 'HTTP errors', 'timeouts'];
  const head = ['way', 'reloads', ...kept, 'fresh: calls', 'failures'];
  return section('A reload each second below load', head, ways.map(reloadRow));
}

export function timeToLiveSection(sizes: readonly SizeResult[]): string {
  const parts = ['API + commit + render ms', 'plan + render ms', 'write ms', 'nginx -t ms'];
  const head = ['servers', 'live ms', 'applied ms', 'pending', ...parts];
  return section('From enabling a server to the first answered call', head, sizes.map(sizeRow));
}

export function liveSection(results: readonly LiveResult[]): string {
  const head = ['watchers', 'views', 'changes', 'p50 ms', 'p99 ms', 'max ms', 'all connected ms'];
  const rows = results.map((result) => [
    ...[result.clients, result.views, result.changes].map(String),
    ...[result.p50, result.p99, result.max, result.connectMs].map((ms) => ms.toFixed(0)),
    result.kilobytesEach.toFixed(1),
  ]);
  return section('From a change to those who watch', [...head, 'registry KB per connection'], rows);
}

export function consoleSection(results: readonly ConsoleResult[]): string {
  const rows = results.map((result) => [
    result.page,
    String(result.servers),
    result.scriptKilobytes.toFixed(0),
    result.styleKilobytes.toFixed(0),
    ranged(result.interactive),
  ]);
  const head = ['page', 'servers', 'script kB', 'style kB', 'interactive ms'];
  return section('A first visit of the console', head, rows);
}

function sizeRow({ servers, live, applied, pending, parts }: SizeResult): string[] {
  const { commit, render, stage, test } = parts;
  return [
    String(servers),
    ranged(live),
    ranged(applied),
    String(pending),
    ...[commit, render, stage, test].map((part) => part.toFixed(0)),
  ];
}

function reloadRow({ name, reloads, kept, fresh }: ReloadResult): string[] {
  const resets = kept.errors.read + kept.errors.write + kept.errors.connect;
  const failures = Object.values(fresh.errors).reduce((sum, count) => sum + count, 0);
  return [
    name,
    String(reloads),
    String(kept.requests),
    String(resets),
    (resets / reloads).toFixed(1),
    String(kept.errors.status),
    String(kept.errors.timeout),
    String(fresh.requests),
    String(failures),
  ];
}
