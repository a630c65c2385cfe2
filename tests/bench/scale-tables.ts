import type { HealthRound } from './health-round.js';
import { section } from './markdown-table.js';
import type { ScaleResult } from './registry-scale.js';

/** What is aimed at with the largest catalog. */
const AIMS = { listMs: 50, residentMegabytes: 300 };

/** What the part "scale" prints. */
export interface Scale {
  readonly sizes: readonly ScaleResult[];
  readonly round: HealthRound;
}

export function scaleSections({ sizes, round }: Scale): string {
  return [
    costSection(sizes),
    requestsSection(sizes),
    listsSection(sizes),
    roundSection(round),
    aimsOfScale(sizes),
  ].join('\n');
}

function costSection(sizes: readonly ScaleResult[]): string {
  const starts = ['API ms', 'served ms', 'tools found ms'];
  const memory = ['registry RSS MB, idle', 'after requests', 'nginx PSS MB', 'nginx config kB'];
  const rows = sizes.map((size) => {
    const { api, served, found } = size.start;
    const { idleMegabytes, usedMegabytes, nginxMegabytes, configKilobytes } = size;
    const numbers = [api, served, found, idleMegabytes, usedMegabytes, nginxMegabytes];
    return [
      ...[size.servers, size.tools].map(String),
      ...[...numbers, configKilobytes].map((number) => number.toFixed(0)),
    ];
  });
  return section('A registry with many servers', ['servers', 'tools', ...starts, ...memory], rows);
}

/** A row for each kind of request, p50 / p95 for each size. */
function requestsSection(sizes: readonly ScaleResult[]): string {
  const kinds = sizes[0]?.requests.map(({ kind }) => kind) ?? [];
  const rows = kinds.map((kind, at) => {
    const all = sizes.flatMap(({ requests }) => requests[at] ?? []);
    const times = all.map(({ p50, p95 }) => `${p50.toFixed(1)} / ${p95.toFixed(1)}`);
    return [kind, ...times, (all.at(-1)?.kilobytes ?? 0).toFixed(0)];
  });
  const head = ['request', ...sizes.map(({ servers }) => `${servers} servers`), 'answer kB'];
  return section('Requests to the API, ms p50 / p95', head, rows);
}

function listsSection(sizes: readonly ScaleResult[]): string {
  const rows = sizes.flatMap(({ servers, lists }) =>
    lists.map(({ kind, requests, ms }) => [kind, String(servers), String(requests), ms.toFixed(0)]),
  );
  return section('Whole lists, in pages of 1,000', ['list', 'servers', 'requests', 'ms'], rows);
}

function roundSection({ servers, firstMs, intervalSeconds, cpuMs }: HealthRound): string {
  const head = ['servers', 'first round ms', 'interval s', 'registry CPU ms per round'];
  const row = [String(servers), firstMs.toFixed(0), String(intervalSeconds), cpuMs.toFixed(0)];
  return section('Health checks', head, [row]);
}

function aimsOfScale(sizes: readonly ScaleResult[]): string {
  const largest = sizes.at(-1);
  if (largest === undefined) return '';
  const list = largest.requests[0];
  const rows = [
    [`${list?.kind}: p95 ms`, `below ${AIMS.listMs}`, list?.p95.toFixed(1) ?? ''],
    ['registry RSS MB, idle', `below ${AIMS.residentMegabytes}`, largest.idleMegabytes.toFixed(0)],
  ];
  const title = `What is aimed at with many servers, at ${largest.servers}`;
  return section(title, ['what', 'aim', 'measured'], rows);
}
