import { setTimeout as delay } from 'node:timers/promises';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';
import { processCpu } from './processor-time.js';
import { writeScaleCatalog } from './scale-catalog.js';

const SERVERS = 1000;
/** Checks of one server are so far apart, give or take a fifth. */
const INTERVAL_SECONDS = 10;
const GLANCE_MS = 50;
const DEADLINE_MS = 120_000;

/** What it takes to check all servers once. */
export interface HealthRound {
  readonly servers: number;
  /** From the first answer of the API after a start until none is unchecked. */
  readonly firstMs: number;
  readonly intervalSeconds: number;
  /** Processor time of the registry for one interval, in which each is checked once, in milliseconds. */
  readonly cpuMs: number;
}

/** Checks of servers that answer at once. */
export async function measureHealthRound(upstreamUrl: string): Promise<HealthRound> {
  const registry = await createRegistryProcess({
    HEALTH_CHECK_INTERVAL_SECONDS: String(INTERVAL_SECONDS),
    TOOLS_REFRESH_SECONDS: '86400',
  });
  try {
    await writeScaleCatalog(registry.dataDir, upstreamUrl, SERVERS);
    const started = registry.start();
    const firstMs = await whenChecked(registry);
    await started;
    await delay(INTERVAL_SECONDS * 1000);
    const before = processCpu(registry.pid());
    await delay(INTERVAL_SECONDS * 1000);
    const cpuMs = (processCpu(registry.pid()) - before) / 1000;
    return { servers: SERVERS, firstMs, intervalSeconds: INTERVAL_SECONDS, cpuMs };
  } finally {
    await registry.close();
  }
}

/** Waits until each server was checked. @returns milliseconds from the first answer on */
export async function whenChecked({ registryUrl }: RegistryProcess): Promise<number> {
  const begin = performance.now();
  let first: number | undefined;
  for (;;) {
    const unknown = await uncheckedServers(registryUrl);
    const now = performance.now();
    if (unknown !== undefined) first ??= now;
    if (unknown === 0) return now - (first ?? now);
    if (now - begin > DEADLINE_MS) throw new Error(`${unknown} servers were not checked in time`);
    await delay(GLANCE_MS);
  }
}

/** Undefined before the registry answers. */
async function uncheckedServers(registryUrl: string): Promise<number | undefined> {
  const answer = await fetch(`${registryUrl}/health`).catch(() => undefined);
  if (answer?.ok !== true) return undefined;
  const { servers } = (await answer.json()) as { readonly servers: { readonly unknown: number } };
  return servers.unknown;
}
