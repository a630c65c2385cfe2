import type { AuditLog } from '../audit/audit-log.js';
import type { Gateway } from '../gateway/gateway.js';
import type { ConnectionCounts } from '../gateway/nginx/connections.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { MetricSource } from '../usage/metrics.js';
import type { UsageFigures } from '../usage/usage-collector.js';

/** Prometheus keeps each series for ever. */
const MAX_SERVERS = 500;

interface SourceParts {
  readonly store: Pick<Store, 'state' | 'health'>;
  readonly gateway: Pick<Gateway, 'status'>;
  readonly monitor: Pick<UpstreamMonitor, 'health'>;
  readonly auditLog: Pick<AuditLog, 'health'>;
  readonly figures: UsageFigures;
  readonly liveConnections: () => number;
  readonly connections: () => Promise<ConnectionCounts>;
  readonly version: string;
}

/** What is told to Prometheus besides calls. */
export function metricSources(parts: SourceParts): readonly MetricSource[] {
  return [...aboutGateway(parts), ...aboutServers(parts), ...aboutRegistry(parts)];
}

const GATEWAY_STATES = ['applied', 'pending', 'rejected', 'unchanged'] as const;

function aboutGateway({ gateway, connections }: SourceParts): readonly MetricSource[] {
  const status = () => gateway.status();
  return [
    {
      name: 'state',
      help: 'Whether nginx serves what the catalog says: 1 for the state that it is in.',
      labels: ['state'],
      read: () => {
        const { state } = status();
        return GATEWAY_STATES.map((each) => ({
          labels: { state: each },
          value: Number(each === state),
        }));
      },
    },
    {
      name: 'generation_info',
      help: 'The configuration that nginx serves.',
      labels: ['generation'],
      read: () => [{ labels: { generation: status().generation }, value: 1 }],
    },
    {
      name: 'nginx_up',
      help: 'Whether nginx runs.',
      read: () => Number(status().nginx.pid !== undefined),
    },
    {
      name: 'nginx_connections',
      help:
        "Connections by what nginx does with them: `writing` is a request being answered, open streams and the registry's " +
        'own question among them; `waiting` is idle.',
      labels: ['state'],
      read: async () =>
        Object.entries(await connections()).map(([state, value]) => ({ labels: { state }, value })),
    },
    {
      name: 'reloads_total',
      help: 'Reloads of nginx since the registry started.',
      isTotal: true,
      read: () => status().reloads,
    },
    {
      name: 'draining_workers',
      help: 'Old nginx workers that still serve streams.',
      read: () => status().drainingWorkers,
    },
    {
      name: 'excluded_servers',
      help: 'Servers that are left out of the configuration.',
      read: () => status().exclusions.length,
    },
    {
      name: 'last_outcome_timestamp_seconds',
      help: 'When the last change was applied or rejected, by what became of it.',
      labels: ['state'],
      read: () =>
        status()
          .outcomes.slice(0, 1)
          .map(({ state, at }) => ({ labels: { state }, value: Date.parse(at) / 1000 })),
    },
    {
      name: 'certificate_expiry_timestamp_seconds',
      help: 'When the certificate of the HTTPS listener expires; absent without one.',
      labels: ['state'],
      read: () => {
        const { state, expiresAt } = status().certificate ?? {};
        return state === undefined || expiresAt === undefined
          ? []
          : [{ labels: { state }, value: Date.parse(expiresAt) / 1000 }];
      },
    },
  ];
}

function aboutServers({ store, monitor }: SourceParts): readonly MetricSource[] {
  const enabled = () => [...store.state().catalog.servers.values()].filter((of) => of.enabled);
  return [
    {
      name: 'servers',
      help: 'Servers in the catalog.',
      labels: ['state'],
      read: () => {
        const { servers, invalid } = store.state().catalog;
        const count = enabled().length;
        return [
          { labels: { state: 'enabled' }, value: count },
          { labels: { state: 'disabled' }, value: servers.size - count },
          { labels: { state: 'invalid' }, value: invalid.length },
        ];
      },
    },
    {
      name: 'servers_reachable',
      help: 'Enabled servers by what the last check found.',
      labels: ['reachable'],
      read: () => {
        const found = enabled().map(({ path }) => monitor.health(path).reachable);
        return ['yes', 'no', 'unknown'].map((reachable) => ({
          labels: { reachable },
          value: found.filter((each) => each === reachable).length,
        }));
      },
    },
    {
      name: 'server_up',
      help: `Whether an enabled server was reachable at the last check; the first ${MAX_SERVERS} of them.`,
      labels: ['server'],
      read: () =>
        enabled()
          .slice(0, MAX_SERVERS)
          .map(({ path }) => ({
            labels: { server: path },
            value: Number(monitor.health(path).reachable === 'yes'),
          })),
    },
  ];
}

function aboutRegistry(parts: SourceParts): readonly MetricSource[] {
  const { store, auditLog, figures, liveConnections, version } = parts;
  return [
    {
      name: 'build_info',
      help: 'The version that runs.',
      labels: ['version'],
      read: () => [{ labels: { version }, value: 1 }],
    },
    {
      name: 'store_revision',
      help: 'Revision of the store.',
      read: () => store.state().revision,
    },
    {
      name: 'store_writable',
      help: 'Whether the store takes changes.',
      read: () => Number(store.health().writable),
    },
    {
      name: 'audit_writable',
      help: 'Whether the audit log is written.',
      read: () => Number(auditLog.health().writable),
    },
    {
      name: 'live_connections',
      help: 'Open WebSocket connections of the live channel.',
      read: liveConnections,
    },
    {
      name: 'call_log_unread_bytes',
      help: 'What nginx has logged and the registry has not counted; 0 while it keeps up.',
      read: () => figures.unreadBytes,
    },
    {
      name: 'call_log_torn_lines_total',
      help: 'Lines of the access log that could not be read.',
      isTotal: true,
      read: () => figures.torn,
    },
    {
      name: 'call_log_lost_bytes_total',
      help: 'Bytes of the access log that were removed before they were counted.',
      isTotal: true,
      read: () => figures.lostBytes,
    },
    {
      name: 'call_counting_failed',
      help: 'Whether calls cannot be counted at present; the log of the registry says why.',
      read: () => Number(figures.fault !== undefined),
    },
  ];
}
