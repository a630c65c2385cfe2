import type { ServerSummary } from '../../api/servers';
import { statusOf, type Status } from '../../components/status';
import { transportOf } from './server-filter';

export const SORT_KEYS = [
  'name',
  'path',
  'status',
  'tools',
  'transport',
  'owner',
  'checked',
  'updated',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Order {
  readonly by: SortKey;
  readonly descending: boolean;
}

export const BY_NAME: Order = { by: 'name', descending: false };

/** What somebody sees first who sorts by it for the first time: the most tools, the latest change. */
export function firstOrder(by: SortKey): Order {
  return { by, descending: by === 'tools' || by === 'checked' || by === 'updated' };
}

/** What needs attention comes first. */
const URGENCY: Readonly<Record<Status['color'], number>> = {
  red: 0,
  orange: 1,
  yellow: 2,
  teal: 3,
  gray: 4,
};

const KEYS: Readonly<Record<SortKey, (server: ServerSummary) => string | number>> = {
  name: ({ name }) => name,
  path: ({ path }) => path,
  status: (server) => URGENCY[statusOf(server).color],
  tools: ({ toolCount }) => toolCount,
  transport: transportOf,
  owner: ({ owner }) => owner,
  checked: ({ health }) => health.checkedAt ?? '',
  updated: ({ updatedAt }) => updatedAt,
};

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** @returns the servers in that order; equal ones in the order of their names and paths */
export function sortServers(
  servers: readonly ServerSummary[],
  { by, descending }: Order,
): readonly ServerSummary[] {
  const keyed = servers.map((server) => ({ server, key: KEYS[by](server) }));
  const sign = descending ? -1 : 1;
  keyed.sort(
    (a, b) =>
      sign * compare(a.key, b.key) ||
      collator.compare(a.server.name, b.server.name) ||
      collator.compare(a.server.path, b.server.path),
  );
  return keyed.map(({ server }) => server);
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : collator.compare(String(a), String(b));
}
