import { cpus } from 'node:os';
import type { ReloadResult } from './reload-under-load.js';
import type { Spread } from './statistics.js';
import type { WayResult } from './throughput.js';
import type { SizeResult } from './time-to-live.js';

export interface BenchReport {
  readonly date: string;
  readonly machine: string;
  readonly capacity: readonly WayResult[];
  readonly latency: readonly WayResult[];
  readonly timeToLive: readonly SizeResult[];
  readonly reloads: readonly ReloadResult[];
}

/** Processor, number of cores, system and Node; nothing that names this machine. */
export function machineFacts(nginxVersion: string): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} x ${model}, ${process.platform}, nginx ${nginxVersion}, Node ${process.versions.node}`;
}

export function capacitySection(ways: readonly WayResult[]): string {
  const head = ['way', 'calls/s', 'p50 us', 'p99 us', 'nginx CPU us/call', 'CPU x plain'];
  const ratios = ['calls/s x plain', 'p50 x plain', 'p99 x plain', 'failures'];
  return section('A small tool call, 32 connections', [...head, ...ratios], ways.map(capacityRow));
}

export function latencySection(ways: readonly WayResult[]): string {
  const head = ['way', 'p50 us', 'p99 us', 'p50 x plain', 'failures'];
  const rows = ways.map(({ name, values, ratio, failures }) => [
    name,
    ranged(values.p50),
    ranged(values.p99),
    ranged(ratio.p50, 2),
    String(failures),
  ]);
  return section('A small tool call, one connection', head, rows);
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

function capacityRow({ name, values, ratio, failures }: WayResult): string[] {
  return [
    name,
    ranged(values.requestsPerSecond),
    ranged(values.p50),
    ranged(values.p99),
    ranged(values.cpu, 1),
    ranged(ratio.cpu, 2),
    ranged(ratio.requestsPerSecond, 2),
    ranged(ratio.p50, 2),
    ranged(ratio.p99, 2),
    String(failures),
  ];
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

function ranged({ median, min, max }: Spread, digits = 0): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
}

/** A title and a table in Markdown. */
export function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  return `\n### ${title}\n\n${table}`;
}
