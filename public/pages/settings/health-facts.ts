import type { HealthReport } from '../../api/settings';

export interface HealthFact {
  readonly name: string;
  readonly isWell: boolean;
  readonly text: string;
  /** Why, and what to do; for who may know. */
  readonly details: readonly string[];
}

/** What the health report says of each part, for people. */
export function healthFacts({ store, audit, gateway, servers }: HealthReport): HealthFact[] {
  const certificate = gateway.certificate;
  return [
    {
      name: 'Store',
      isWell: store.writable,
      text: store.writable ? 'takes changes' : 'is read-only: nothing can be changed',
      details: given(store.reason, store.remedy),
    },
    {
      name: 'Audit log',
      isWell: audit.writable,
      text: audit.writable
        ? 'takes entries'
        : `takes no entries; ${(audit.waiting ?? 0).toLocaleString('en')} wait in memory`,
      details: given(audit.reason),
    },
    {
      name: 'Gateway',
      isWell: gateway.state === 'applied' || gateway.state === 'unchanged',
      text: {
        applied: 'nginx serves what the registry knows',
        unchanged: 'nginx serves what the registry knows',
        pending: 'nginx is being given a new configuration',
        rejected: 'nginx refused the last configuration, and serves the one before',
      }[gateway.state],
      details: given(gateway.reason),
    },
    ...(certificate === undefined
      ? []
      : [
          {
            name: 'Certificate',
            isWell: certificate.state === 'valid',
            text: certificate.state,
            details: given(
              certificate.expiresAt === undefined ? undefined : `Expires ${certificate.expiresAt}`,
            ),
          },
        ]),
    {
      name: 'Servers',
      isWell: servers.issues === 0 && servers.invalid === 0 && servers.excluded === 0,
      text: `${many(servers.enabled)} of ${many(servers.total)} enabled, ${many(servers.reachable)} of these reachable`,
      details: [
        ...counted(servers.issues, 'with an issue'),
        ...counted(servers.excluded, 'not served as it should be'),
        ...counted(servers.invalid, 'with a broken record'),
      ],
    },
  ];
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${many(count)} ${what}`];
}

function many(count: number): string {
  return count.toLocaleString('en');
}

function given(...texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined);
}
