import type { Principal, Visibility } from '../../access/principal.js';
import { EVERYTHING, seesInvalid, STRANGER } from '../../access/visibility.js';
import type { AuditLog } from '../../audit/audit-log.js';
import type { CertificateStatus, Exclusion, Gateway } from '../../gateway/gateway.js';
import type { RegistryState, Store } from '../../store/store.js';
import type { MeaningStatus } from '../../search/meaning-search.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { isUnhealthy } from '../servers/health-view.js';
import { seenInvalid, seenServers } from '../servers/server-lookup.js';
import type {
  GatewayConfigView,
  GatewayStatusView,
  HealthReport,
  SettingsView,
} from './system-view.js';

/** What the registry says of itself and of nginx. */
export interface SystemOperations {
  /**
   * Servers are counted as far as the caller sees them. Reasons may name servers and files, and are told with the
   * permission `gateway:read` alone.
   * @param principal undefined: a stranger
   */
  health(principal: Principal | undefined): HealthReport;
  /** Names servers: for callers with the permission `gateway:read`, who see all of them. */
  gatewayStatus(): GatewayStatusView;
  /** The text that nginx runs on. As `gatewayStatus` for those who see everything. */
  gatewayConfig(): GatewayConfigView;
  /** What this registry runs on and with. As `gatewayStatus` for those who see everything. */
  settings(): SettingsView;
}

export function createSystemOperations(deps: {
  readonly store: Pick<Store, 'state' | 'health'>;
  readonly gateway: Pick<Gateway, 'status' | 'liveFiles'>;
  readonly monitor: Pick<UpstreamMonitor, 'health'>;
  readonly auditLog: Pick<AuditLog, 'health'>;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Variables of the environment as they hold, without secrets. */
  readonly settings: SettingsView['settings'];
  /** Undefined: tools are searched by their words alone. */
  readonly meaning: () => MeaningStatus | undefined;
}): SystemOperations {
  const { store, gateway, monitor, auditLog, version } = deps;
  return {
    health: (caller) => {
      // Whoever has to choose a new password first is nobody until then.
      const principal = caller?.mustChangePassword === true ? undefined : caller;
      const detailed = principal?.permissions.has('gateway:read') === true;
      const { state, generation, reason, exclusions, certificate } = gateway.status();
      const count = (by: Visibility) => countServers(store.state(), exclusions, monitor, by);
      const { issues } = count(EVERYTHING);
      const stored = store.health();
      const audited = auditLog.health();
      const well =
        stored.writable &&
        audited.writable &&
        state !== 'rejected' &&
        exclusions.length === 0 &&
        (certificate === undefined || certificate.state === 'valid') &&
        issues === 0;
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
        servers: count(principal?.visibility ?? STRANGER),
      };
    },
    gatewayStatus: () => {
      const { exclusions, outcomes, ...status } = gateway.status();
      return {
        ...status,
        outcomes: [...outcomes],
        exclusions: exclusions.map(({ path, reason, detail }) => ({ path, reason, detail })),
      };
    },
    settings: () => {
      const nginx = gateway.status().nginx.version;
      const meaning = deps.meaning();
      return {
        version,
        node: process.versions.node,
        ...(nginx !== undefined && { nginx }),
        startedAt: deps.startedAt,
        toolSearch: { mode: meaning ? 'hybrid' : 'lexical', ...meaning },
        settings: deps.settings,
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
function countServers(
  state: RegistryState,
  exclusions: readonly Exclusion[],
  monitor: Pick<UpstreamMonitor, 'health'>,
  by: Visibility,
) {
  const servers = seenServers(state, by).map(({ server }) => server);
  const invalid = seenInvalid(state, by);
  const enabled = servers.filter((server) => server.enabled);
  const seen = new Set<string>(servers.map(({ path }) => path));
  const excluded = exclusions.filter(({ path, reason }) =>
    reason === 'invalid-record' ? seesInvalid(by, path) : seen.has(path),
  );
  const health = enabled.map(({ path }) => monitor.health(path));
  const having = (reachable: string) => health.filter((of) => of.reachable === reachable).length;
  return {
    total: servers.length + invalid.length,
    enabled: enabled.length,
    reachable: having('yes'),
    unreachable: having('no'),
    unknown: having('unknown'),
    invalid: invalid.length,
    issues: health.filter(isUnhealthy).length + invalid.length,
    excluded: excluded.length,
  };
}
