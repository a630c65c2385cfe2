import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createGenerationStore } from '../../registry/gateway/apply/generation-store.js';
import { testConfig } from '../../registry/gateway/nginx/nginx-commands.js';
import { makeNginxFolders, nginxLayout } from '../../registry/gateway/nginx/nginx-layout.js';
import {
  parseRegistryDocument,
  readRegistryDocument,
} from '../../registry/store/file/registry-document.js';
import { operatorToken, startBenchGateway, type BenchGateway } from './bench-gateway.js';
import type { BenchPlan } from './bench-plan.js';
import { fillers } from './catalog-file.js';
import type { ChangeTimes, TimedChange } from './change-timer.js';
import { nginxBin } from './plain-nginx.js';
import { spread, type Spread } from './statistics.js';

/** The first two reloads in this time are not delayed (see reload-pace.ts). */
const PACE_WINDOW_MS = 10_500;
const PROMPT_RELOADS = 2;
const REPEATS = 5;

/** All times in milliseconds. */
export interface SizeResult {
  readonly servers: number;
  readonly live: Spread;
  readonly applied: Spread;
  /** Changes that the API answered with `pending` because they took more than 2 s. */
  readonly pending: number;
  /** Parts of a change, each measured alone afterwards. */
  readonly parts: Readonly<Record<'commit' | 'render' | 'stage' | 'test', number>>;
}

/** For each number of servers: how long an enabled server takes until it is served. */
export async function measureTimeToLive(
  folder: string,
  upstreamUrl: string,
  plan: BenchPlan,
): Promise<SizeResult[]> {
  const timer = fork(fileURLToPath(new URL('./change-timer.ts', import.meta.url)));
  try {
    const results: SizeResult[] = [];
    for (const servers of plan.sizes) {
      const dataDir = path.join(folder, `size-${servers}`);
      results.push(await measureSize(servers, { dataDir, upstreamUrl, plan, timer }));
    }
    return results;
  } finally {
    timer.kill();
  }
}

interface Parts {
  readonly dataDir: string;
  readonly upstreamUrl: string;
  readonly plan: BenchPlan;
  readonly timer: ChildProcess;
}

async function measureSize(servers: number, parts: Parts): Promise<SizeResult> {
  const { dataDir, upstreamUrl, plan, timer } = parts;
  const targets = Array.from({ length: plan.changes }, (_, index) => `/target-${index}`);
  const disabled = targets.map((at) => ({ path: at, enabled: false }));
  const gateway = await startBenchGateway(dataDir, upstreamUrl, [...fillers(servers), ...disabled]);
  try {
    const times: ChangeTimes[] = [];
    const reloads: number[] = [];
    for (const target of targets) {
      const due = (reloads.at(-PROMPT_RELOADS) ?? -PACE_WINDOW_MS) + PACE_WINDOW_MS;
      await delay(Math.max(0, due - performance.now()));
      times.push(await timeChange(timer, gateway, target));
      reloads.push(performance.now());
    }
    return {
      servers,
      live: spread(times.map(({ live }) => live)),
      applied: spread(times.map(({ applied }) => applied)),
      pending: times.filter(({ state }) => state === 'pending').length,
      parts: await measureParts(gateway),
    };
  } finally {
    await gateway.close();
  }
}

async function timeChange(
  timer: ChildProcess,
  gateway: BenchGateway,
  at: string,
): Promise<ChangeTimes> {
  const change: TimedChange = {
    apiUrl: gateway.registryUrl,
    token: operatorToken(gateway),
    path: at,
    callUrl: `${gateway.url}${at}/mcp`,
  };
  const answer = once(timer, 'message');
  timer.send(change);
  const [{ times, error }] = (await answer) as [{ times?: ChangeTimes; error?: string }];
  if (times === undefined) throw new Error(error);
  return times;
}

async function measureParts(gateway: BenchGateway): Promise<SizeResult['parts']> {
  const { dataDir, registry } = gateway;
  const json: unknown = JSON.parse(readFileSync(path.join(dataDir, 'registry.json'), 'utf8'));
  const { catalog } = readRegistryDocument(parseRegistryDocument(json)).state;
  const files = registry.gateway.liveFiles();
  const aside = nginxLayout(path.join(dataDir, 'aside'));
  makeNginxFolders(aside);
  const store = createGenerationStore(aside);
  const layout = nginxLayout(dataDir);
  const configFile = path.join(realpathSync(layout.current), 'nginx.conf');
  let changes = 0;
  return {
    // A description does not concern nginx, so that this is HTTP, commit, one plan and one rendering.
    commit: await timeOf(async () => {
      changes += 1;
      const body = JSON.stringify({ description: `change ${changes}` });
      const answer = await gateway.api('/api/servers/target-0', { method: 'PATCH', body });
      if (!answer.ok) throw new Error(await answer.text());
    }),
    render: await timeOf(() => registry.gateway.preview(catalog, [])),
    stage: await timeOf(() => store.stageTrial(files)),
    test: await timeOf(async () => {
      const { ok } = await testConfig(nginxBin(), layout, configFile);
      if (!ok || !existsSync(configFile)) throw new Error('nginx refuses what it serves');
    }),
  };
}

async function timeOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return spread(times).median;
}
