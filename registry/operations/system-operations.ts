import type { AuditLog } from '../audit/audit-log.js';
import type { CertificateStatus, Gateway } from '../gateway/gateway.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import { isUnhealthy } from './health-view.js';
import type { GatewayConfigView, GatewayStatusView, HealthReport } from './system-view.js';

/** What the registry says of itself and of nginx. */
export interface SystemOperations {
  /** @param detailed whether reasons are told; they may name servers and files */
  health(detailed: boolean): HealthReport;
  gatewayStatus(): GatewayStatusView;
  /** The text that nginx runs on. */
  gatewayConfig(): GatewayConfigView;
}

export function createSystemOperations(deps: {
  readonly store: Pick<Store, 'state' | 'health'>;
  readonly gateway: Pick<Gateway, 'status' | 'liveFiles'>;
  readonly monitor: Pick<UpstreamMonitor, 'health'>;
  readonly auditLog: Pick<AuditLog, 'health'>;
  readonly version: string;
}): SystemOperations {
  const { store, gateway, monitor, auditLog, version } = deps;
  return {
    health: (detailed) => {
      const { state, generation, reason, exclusions, certificate } = gateway.status();
      const servers = countServers(deps.store, monitor);
      const stored = store.health();
      const audited = auditLog.health();
      const well =
        stored.writable &&
        audited.writable &&
        state !== 'rejected' &&
        exclusions.length === 0 &&
        (certificate === undefined || certificate.state === 'valid') &&
        servers.issues === 0;
      return {
        status: well ? 'healthy' : 'degraded',
        version,
        revision: store.state().revision,
        store: detailed ? stored : { writable: stored.writable },
        audit: detailed ? audited : { writable: audited.writable },
        gateway: {
          state,
          generation,
          ...(detailed && reason !== undefined && { reason }),
          ...(certificate && { certificate: lifeOf(certificate) }),
        },
        servers: { ...servers, excluded: exclusions.length },
      };
    },
    gatewayStatus: () => {
      const { exclusions, ...status } = gateway.status();
      return {
        ...status,
        exclusions: exclusions.map(({ path, reason, detail }) => ({ path, reason, detail })),
      };
    },
    gatewayConfig: () => ({
      generation: gateway.status().generation,
      files: gateway.liveFiles().map(({ path, text }) => ({ path, text })),
    }),
  };
}

/** What everybody can see who opens a connection. */
function lifeOf({ state, expiresAt }: CertificateStatus) {
  return { state, ...(expiresAt !== undefined && { expiresAt }) };
}

/** Only enabled servers are counted as reachable or not: nobody calls the others. */
function countServers(store: Pick<Store, 'state'>, monitor: Pick<UpstreamMonitor, 'health'>) {
  const { servers, invalid } = store.state().catalog;
  const enabled = [...servers.values()].filter((server) => server.enabled);
  const health = enabled.map(({ path }) => monitor.health(path));
  const having = (reachable: string) => health.filter((of) => of.reachable === reachable).length;
  return {
    total: servers.size + invalid.length,
    enabled: enabled.length,
    reachable: having('yes'),
    unreachable: having('no'),
    unknown: having('unknown'),
    invalid: invalid.length,
    issues: health.filter(isUnhealthy).length + invalid.length,
  };
}
