import path from 'node:path';
import type { Discovery } from '../../catalog/discovery.js';
import { packTool } from '../../catalog/pack-tool.js';
import type { Log } from '../../log.js';
import type { DiscoveryStore } from '../store.js';
import { describeProblems } from './describe-problems.js';
import { discoverySchema } from './discovery-schema.js';
import { freezeDeeply } from './freeze-deeply.js';
import { createServerFiles } from './server-files.js';

/** Keeps what discovery learned in `dataDir`/discovery, one file for each server. */
export function createFileDiscoveryStore({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): DiscoveryStore {
  const files = createServerFiles(path.join(dataDir, 'discovery'), parseDiscovery);
  return {
    async load() {
      const { entries, faults } = await files.load();
      for (const { file, reason } of faults) {
        log.warn('a stored discovery is left out; it will be learned again', { file, reason });
      }
      return entries;
    },
    save: (serverPath, discovery) => files.save(serverPath, discovery),
    remove: (serverPath) => files.remove(serverPath),
  };
}

function parseDiscovery(json: unknown): Discovery {
  const parsed = discoverySchema.safeParse(json);
  if (parsed.success) {
    const { tools, ...facts } = parsed.data;
    return Object.freeze({ ...freezeDeeply(facts), tools: Object.freeze(tools.map(packTool)) });
  }
  throw new Error(`it is not a discovery (${describeProblems(parsed.error)})`);
}
