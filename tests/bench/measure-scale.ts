import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../fixtures/free-port.js';
import type { BenchPlan } from './bench-plan.js';
import { measureHealthRound } from './health-round.js';
import { startPlainNginx } from './plain-nginx.js';
import { measureSizes } from './registry-scale.js';
import type { Scale } from './scale-tables.js';
import { checkedUpstreamConfig } from './upstream-config.js';

/** How the cost of the registry grows with its catalog, in front of an upstream that passes the checks. */
export async function measureScale(plan: BenchPlan): Promise<Scale> {
  const folder = mkdtempSync(path.join(tmpdir(), 'scale-upstream-'));
  const port = await freePort();
  const upstream = await startPlainNginx(folder, checkedUpstreamConfig(port));
  const url = `http://127.0.0.1:${port}`;
  try {
    return { sizes: await measureSizes(url, plan), round: await measureHealthRound(url) };
  } finally {
    await upstream.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
