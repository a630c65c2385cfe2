import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nginxLayout } from '../../registry/gateway/nginx/nginx-layout.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';
import type { BenchPlan } from './bench-plan.js';
import { fillers } from './catalog-file.js';
import { whenChecked } from './health-round.js';
import { nginxMegabytes, residentMegabytes } from './processor-time.js';
import { measureRequests, type RequestTimes, type WholeList } from './scale-requests.js';
import { productOf, TOOLS_EACH, writeScaleCatalog } from './scale-catalog.js';

/** How often is looked whether something is there. */
const GLANCE_MS = 10;
/** Until what a start and checks have left over is collected as far as it will be. */
const IDLE_MS = 5000;

/** What a registry costs with so many servers. Memory in megabytes (MiB). */
export interface ScaleResult {
  readonly servers: number;
  readonly tools: number;
  readonly start: StartTimes;
  readonly idleMegabytes: number;
  /** After the requests. */
  readonly usedMegabytes: number;
  /** Master and workers. */
  readonly nginxMegabytes: number;
  /** All files of the live generation; a kB is 1,000 bytes. */
  readonly configKilobytes: number;
  readonly requests: readonly RequestTimes[];
  readonly lists: readonly WholeList[];
}

/** Milliseconds from the start of the process. */
interface StartTimes {
  /** Until the API answers a caller with a token. */
  readonly api: number;
  /** Until nginx serves the last server. */
  readonly served: number;
  /** Until a search finds a tool of the last server. */
  readonly found: number;
}

/** For each number of servers: starts a registry that knows them all, and asks it things. */
export async function measureSizes(
  upstreamUrl: string,
  { scaleSizes, scaleRequests }: BenchPlan,
): Promise<ScaleResult[]> {
  const results: ScaleResult[] = [];
  for (const servers of scaleSizes) {
    results.push(await measureSize(servers, upstreamUrl, scaleRequests));
  }
  return results;
}

async function measureSize(
  servers: number,
  upstreamUrl: string,
  count: number,
): Promise<ScaleResult> {
  const registry = await createRegistryProcess({
    HEALTH_CHECK_INTERVAL_SECONDS: '86400',
    TOOLS_REFRESH_SECONDS: '86400',
  });
  try {
    await writeScaleCatalog(registry.dataDir, upstreamUrl, servers);
    const start = await timeStart(registry, servers);
    await whenChecked(registry);
    await delay(IDLE_MS);
    const idleMegabytes = residentMegabytes(registry.pid());
    const asked = await measureRequests(registry, servers, count);
    return {
      servers,
      tools: servers * TOOLS_EACH,
      start,
      idleMegabytes,
      usedMegabytes: residentMegabytes(registry.pid()),
      nginxMegabytes: nginxMegabytes(registry.nginxPid()),
      configKilobytes: configBytes(registry) / 1000,
      ...asked,
    };
  } finally {
    await registry.close();
  }
}

async function timeStart(registry: RegistryProcess, servers: number): Promise<StartTimes> {
  const begin = performance.now();
  const last = fillers(servers).at(-1)?.path ?? '';
  const call = () => fetch(`${registry.url}${last}/mcp`, { method: 'POST', body: '{}' });
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds().catch(() => false))) await delay(GLANCE_MS);
    return performance.now() - begin;
  };
  const search = `/api/search/tools?q=${productOf(servers - 1)}`;
  const [api, served, found] = await Promise.all([
    until(async () => (await registry.api('/api/servers?limit=1')).ok),
    until(async () => (await call()).ok),
    until(async () => hasResults(await registry.api(search))),
    registry.start(),
  ]);
  return { api, served, found };
}

async function hasResults(answer: Response): Promise<boolean> {
  const { results } = (await answer.json()) as { readonly results: readonly unknown[] };
  return results.length > 0;
}

function configBytes({ dataDir }: RegistryProcess): number {
  const folder = realpathSync(nginxLayout(dataDir).current);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}
