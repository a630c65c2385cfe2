import { connectionsKey } from '../access/derived-key.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { Config } from '../config/config.js';
import type { Gateway } from '../gateway/gateway.js';
import { readConnections } from '../gateway/nginx/connections.js';
import { nginxLayout } from '../gateway/nginx/nginx-layout.js';
import type { GatewaySettings } from '../gateway/plan/settings.js';
import type { Log } from '../log.js';
import { connectAddress, productVersion } from '../machine.js';
import { createFileUsageStore } from '../store/file/file-usage-store.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { CallRecord } from '../usage/call-record.js';
import { createFindCall } from '../usage/find-call.js';
import { createLogFiles } from '../usage/log-files.js';
import { createLogRotation } from '../usage/log-rotation.js';
import { createMetrics } from '../usage/metrics.js';
import { createUsageArchive } from '../usage/usage-archive.js';
import { createUsageCollector } from '../usage/usage-collector.js';
import { createUsageStatistics } from '../usage/usage-statistics.js';
import { metricSources } from './metric-sources.js';

export type Usage = ReturnType<typeof buildUsage>;

/** What is counted of calls, from nginx's log to statistics and metrics. */
export function buildUsage(
  config: Pick<Config, 'dataDir' | 'usage' | 'nginx'>,
  parts: {
    readonly store: Store;
    readonly gateway: Gateway;
    readonly monitor: UpstreamMonitor;
    readonly auditLog: AuditLog;
    readonly liveConnections: () => number;
    readonly settings: Pick<GatewaySettings, 'listen'>;
    readonly key: string;
    readonly root: string;
    readonly clock: () => Date;
    readonly log: Log;
  },
) {
  const { dataDir } = config;
  const { gateway, clock, log } = parts;
  const store = createFileUsageStore({ dataDir });
  const archive = createUsageArchive(store);
  const files = createLogFiles(nginxLayout(dataDir).accessLog);
  const rotation = createLogRotation({
    files,
    maxBytes: config.usage.maxLogBytes,
    reopen: () => gateway.reopenLogs(),
    log,
  });
  const onCall = (record: CallRecord) => metrics.onCall(record);
  const collector = createUsageCollector({ store, archive, files, rotation, onCall, clock, log });
  const { figures } = collector;
  const version = productVersion(parts.root);
  const connections = connectionsOf(config, parts);
  const metrics = createMetrics(metricSources({ ...parts, figures, connections, version }));
  return {
    collector,
    statistics: createUsageStatistics({ archive, collector }),
    findCall: createFindCall(files),
    metrics,
  };
}

/** Asks nginx, where there is one. */
function connectionsOf(
  { nginx }: Pick<Config, 'nginx'>,
  { settings, key }: { readonly settings: Pick<GatewaySettings, 'listen'>; readonly key: string },
) {
  if (nginx.mode === 'none') return () => Promise.resolve({});
  const { address, port } = settings.listen;
  const shown = connectionsKey(key);
  return () => readConnections({ address: connectAddress(address), port }, shown);
}
