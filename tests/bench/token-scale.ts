import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';
import { manyTokens, type BenchCallers } from './bench-access.js';
import type { BenchPlan } from './bench-plan.js';
import { withToken } from './calls.js';
import { writeCatalog } from './catalog-file.js';
import { residentMegabytes, workerCpu } from './processor-time.js';
import { spread, type Spread } from './statistics.js';
import { measureCapacity, type WayResult } from './throughput.js';
import { BENCHED_SERVERS, TOKEN } from './ways.js';

export const MANY_TOKENS = 10_000;
/** Where gate records usually lie: in memory. */
const SHARED_MEMORY = '/dev/shm';

/** What many tokens cost. */
export interface TokenScale {
  readonly sizes: readonly TokenSize[];
  /** Calls with one token and with many, through the same gateway. */
  readonly lookUp: readonly WayResult[];
}

/** All times in milliseconds. */
export interface TokenSize {
  readonly tokens: number;
  /** Starts of the registry: with an empty gate directory, and with one that holds all records. */
  readonly fresh: StartTimes;
  readonly filled: StartTimes;
  /** To make one more, and to take it back. */
  readonly issue: Spread;
  readonly revoke: Spread;
  /** Of the registry's process. */
  readonly residentMegabytes: number;
}

interface StartTimes {
  /** From the start of the process until the API answers and nginx serves. */
  readonly ready: number;
  /** Of it: until the gate directory holds what the store says. */
  readonly gate: number;
}

interface Parts {
  readonly folder: string;
  readonly upstreamUrl: string;
  readonly callers: BenchCallers;
  readonly plan: BenchPlan;
}

export async function measureTokens(parts: Parts): Promise<TokenScale> {
  const { callers } = parts;
  const many = manyTokens(callers, MANY_TOKENS);
  const few = await measureSize(callers, parts, () => Promise.resolve([]));
  const full = await measureSize(many, parts, (registry) =>
    measureLookUp(registry, many.extra, parts),
  );
  return { sizes: [few.size, full.size], lookUp: full.lookUp };
}

async function measureSize(
  callers: BenchCallers,
  { upstreamUrl, plan }: Parts,
  measureCalls: (registry: RegistryProcess) => Promise<WayResult[]>,
): Promise<{ readonly size: TokenSize; readonly lookUp: readonly WayResult[] }> {
  const gateDir = gateFolder();
  const registry = await createRegistryProcess({
    // Of ones that it was not told of, the registry removes the records when it ends.
    GATE_DIR: gateDir,
    HEALTH_CHECK_INTERVAL_SECONDS: '86400',
    TOOLS_REFRESH_SECONDS: '86400',
  });
  try {
    writeCatalog(registry.dataDir, upstreamUrl, BENCHED_SERVERS, callers);
    const fresh = await timeStart(registry);
    await registry.kill('SIGTERM');
    const filled = await timeStart(registry);
    const { issue, revoke } = await timeTokens(registry, plan.tokenChanges);
    const resident = residentMegabytes(registry.pid());
    const lookUp = await measureCalls(registry);
    const tokens = callers.tokens.length;
    return {
      size: { tokens, fresh, filled, issue, revoke, residentMegabytes: resident },
      lookUp,
    };
  } finally {
    await registry.close();
    rmSync(gateDir, { recursive: true, force: true });
  }
}

function gateFolder(): string {
  const isThere = statSync(SHARED_MEMORY, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isThere) return mkdtempSync(path.join(SHARED_MEMORY, 'gateway-bench-'));
  throw new Error(`gate records are benched in ${SHARED_MEMORY}, which is not there`);
}

async function timeStart(registry: RegistryProcess): Promise<StartTimes> {
  const said = registry.output().length;
  const begin = performance.now();
  await registry.start();
  const ready = performance.now() - begin;
  const line = registry
    .output()
    .slice(said)
    .split('\n')
    .find((each) => each.includes('gate records are in place'));
  if (line === undefined) throw new Error('the registry did not say when its records were there');
  return { ready, gate: (JSON.parse(line) as { ms: number }).ms };
}

/** One after the other, as people do it. */
async function timeTokens(
  registry: RegistryProcess,
  count: number,
): Promise<Pick<TokenSize, 'issue' | 'revoke'>> {
  const issue: number[] = [];
  const revoke: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const begin = performance.now();
    const made = await registry.api('/api/tokens', 'POST', { name: 'one more', groups: ['whole'] });
    issue.push(performance.now() - begin);
    if (made.status !== 201) throw new Error(await made.text());
    const { id } = (await made.json()) as { id: string };
    const again = performance.now();
    const gone = await registry.api(`/api/tokens/${id}`, 'DELETE');
    revoke.push(performance.now() - again);
    if (!gone.ok) throw new Error(await gone.text());
  }
  return { issue: spread(issue), revoke: spread(revoke) };
}

function measureLookUp(
  registry: RegistryProcess,
  tokens: readonly string[],
  { folder, callers, plan }: Parts,
): Promise<WayResult[]> {
  const tokensFile = path.join(folder, 'tokens.txt');
  writeFileSync(tokensFile, `${tokens.join('\n')}\n`, { mode: 0o600 });
  const way = {
    url: `${registry.url}${TOKEN.server}/mcp`,
    cpu: () => workerCpu(registry.nginxPid()),
    log: path.join(registry.dataDir, 'nginx', 'logs', 'access.log'),
  };
  return measureCapacity(
    [
      { name: 'the same token', ...way, call: withToken(TOKEN.call, callers.bearers.whole) },
      { name: `${tokens.length} tokens in turn`, ...way, call: TOKEN.call, tokensFile },
    ],
    { ...plan, rounds: plan.tokenRounds },
  );
}
