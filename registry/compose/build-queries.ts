import type { Vault } from '../access/vault.js';
import type { Config } from '../config/config.js';
import type { AuditLog } from '../audit/audit-log.js';
import { createAccessQueries } from '../operations/access/access-queries.js';
import { createExportAudit } from '../operations/audit/audit-export.js';
import { createAuditQueries } from '../operations/audit/audit-queries.js';
import { createClientGuides } from '../operations/servers/client-guides.js';
import { createExportServers } from '../operations/servers/export-servers.js';
import { createPreviewImport } from '../operations/imports/import-preview.js';
import { createPublishedServers } from '../operations/published/published-servers.js';
import { createServerActivity } from '../operations/servers/server-activity.js';
import { createToolSearch } from '../operations/tools/tool-search.js';
import { createExportUsage } from '../operations/usage/usage-export.js';
import { createUsageQueries } from '../operations/usage/usage-queries.js';
import { createEmbeddings } from '../search/embeddings.js';
import { createMeaningSearch } from '../search/meaning-search.js';
import { createToolFinder } from '../search/create-tool-finder.js';
import { createFileVectorStore } from '../store/file/file-vector-store.js';
import type { Log } from '../log.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { Usage } from './build-usage.js';

/** What is only looked up, and what it is found with. */
export function buildQueries(
  config: Pick<Config, 'dataDir' | 'publicUrl' | 'embeddings'>,
  parts: {
    readonly store: Store;
    readonly gateway: Pick<Gateway, 'status'>;
    readonly monitor: UpstreamMonitor;
    readonly auditLog: AuditLog;
    readonly usage: Pick<Usage, 'statistics' | 'findCall'>;
    readonly clock: () => Date;
    readonly log: Log;
    readonly vault: Vault;
  },
) {
  const { publicUrl } = config;
  const meaning = buildMeaningSearch(config, parts);
  const finder = createToolFinder({
    store: parts.store,
    discoveries: parts.monitor,
    ...(meaning && { meaning }),
    log: parts.log,
  });
  return {
    finder,
    access: createAccessQueries(parts),
    audit: createAuditQueries(parts),
    exportAudit: createExportAudit(parts),
    serverActivity: createServerActivity(parts),
    usage: createUsageQueries({ ...parts, ...parts.usage }),
    exportUsage: createExportUsage({ ...parts, ...parts.usage }),
    clients: createClientGuides({ ...parts, publicUrl }),
    published: createPublishedServers({ ...parts, publicUrl }),
    exportServers: createExportServers(parts),
    previewImport: createPreviewImport(parts),
    search: createToolSearch({ ...parts, finder }),
  };
}

/** Only where an endpoint is set up. */
function buildMeaningSearch(
  { dataDir, embeddings }: Pick<Config, 'dataDir' | 'embeddings'>,
  { clock, log }: { readonly clock: () => Date; readonly log: Log },
) {
  if (embeddings === undefined) return undefined;
  const saved = createFileVectorStore({ dataDir, log });
  return createMeaningSearch({ embeddings: createEmbeddings(embeddings), saved, clock, log });
}
