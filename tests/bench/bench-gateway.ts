import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import type { BenchAccess } from './bench-access.js';
import { writeCatalog, type CatalogEntry } from './catalog-file.js';

const CHECKS_DEADLINE_MS = 60_000;

/** A gateway with a prepared catalog, after its first checks. */
export interface BenchGateway extends TestGateway {
  /** Of the nginx master. */
  readonly nginxPid: number;
}

export async function startBenchGateway(
  dataDir: string,
  upstreamUrl: string,
  entries: readonly CatalogEntry[],
  access?: BenchAccess,
): Promise<BenchGateway> {
  mkdirSync(dataDir, { recursive: true });
  writeCatalog(dataDir, upstreamUrl, entries, access);
  const gateway = await startTestGateway({
    dataDir,
    environment: {
      HEALTH_CHECK_INTERVAL_SECONDS: '86400',
      TOOLS_REFRESH_SECONDS: '86400',
      // Counted, and never reached.
      MAX_STREAMS_PER_PRINCIPAL: '65535',
    },
  });
  try {
    const { pid } = gateway.registry.gateway.status().nginx;
    if (pid === undefined) throw new Error(gateway.registry.gateway.status().reason);
    await firstChecks(gateway);
    return { ...gateway, nginxPid: pid };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

/** Checks use the processor; later ones do not fall into a bench. */
async function firstChecks({ registryUrl }: TestGateway): Promise<void> {
  const end = Date.now() + CHECKS_DEADLINE_MS;
  for (;;) {
    const answer = await fetch(`${registryUrl}/health`);
    const { servers } = (await answer.json()) as { servers: { unknown: number } };
    if (servers.unknown === 0) return;
    if (Date.now() > end) throw new Error(`${servers.unknown} servers were not checked in time`);
    await delay(250);
  }
}

/** For scripts: the token of the data directory. */
export function operatorToken({ dataDir }: TestGateway): string {
  return readFileSync(path.join(dataDir, 'operator-token'), 'utf8').trim();
}
