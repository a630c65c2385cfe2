import type { ServerSummary } from '../../api/servers';
import { statusOf } from '../../components/status';

export const STATUSES = ['all', 'enabled', 'disabled', 'issues'] as const;
export type StatusFilter = (typeof STATUSES)[number];

/** Which servers are shown; empty text and no tags: all of them. */
export interface ServerFilter {
  readonly status: StatusFilter;
  /** Words that must stand in name, path, description, address or a tag. */
  readonly query: string;
  /** All of them. */
  readonly tags: readonly string[];
  readonly owner: string;
  readonly era: string;
  readonly transport: string;
}

export const NO_FILTER: ServerFilter = {
  status: 'all',
  query: '',
  tags: [],
  owner: '',
  era: '',
  transport: '',
};

/** What a server speaks: what was found, or what it is said to speak; empty while neither is known. */
export function transportOf(server: Pick<ServerSummary, 'transport' | 'detectedTransport'>) {
  const { transport, detectedTransport } = server;
  return detectedTransport ?? (transport === 'auto' ? '' : transport);
}

/** @returns those that pass everything but the status, and of these those that pass that as well */
export function filterServers(servers: readonly ServerSummary[], filter: ServerFilter) {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  const inScope = servers.filter(
    (server) => hasFacets(server, filter) && (words.length === 0 || hasWords(server, words)),
  );
  return { inScope, shown: inScope.filter((server) => hasStatus(server, filter.status)) };
}

/** How many there are of each status. */
export function countStatuses(servers: readonly ServerSummary[]): Record<StatusFilter, number> {
  const count = (status: StatusFilter) =>
    servers.filter((server) => hasStatus(server, status)).length;
  return {
    all: servers.length,
    enabled: count('enabled'),
    disabled: count('disabled'),
    issues: count('issues'),
  };
}

/** What can be chosen among these servers, each value once and in order. */
export function facetsOf(servers: readonly ServerSummary[]) {
  const values = (of: (server: ServerSummary) => readonly string[]) =>
    [...new Set(servers.flatMap(of))].filter(Boolean).sort((a, b) => a.localeCompare(b));
  return {
    tags: values(({ tags }) => tags),
    owners: values(({ owner }) => [owner]),
    eras: values(({ era }) => [era ?? '']),
    transports: values((server) => [transportOf(server)]),
  };
}

/** How many choices narrow the list, beside the status and the words. */
export function facetCount({ tags, owner, era, transport }: ServerFilter): number {
  return tags.length + [owner, era, transport].filter(Boolean).length;
}

function hasStatus(server: ServerSummary, status: StatusFilter): boolean {
  if (status === 'enabled') return server.enabled;
  if (status === 'disabled') return !server.enabled;
  return status === 'all' || statusOf(server).isIssue;
}

function hasFacets(server: ServerSummary, { tags, owner, era, transport }: ServerFilter): boolean {
  return (
    tags.every((tag) => server.tags.includes(tag)) &&
    (owner === '' || server.owner === owner) &&
    (era === '' || server.era === era) &&
    (transport === '' || transportOf(server) === transport)
  );
}

function hasWords(server: ServerSummary, words: readonly string[]): boolean {
  const { name, path, description, url, tags } = server;
  const text = [name, path, description, url, ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}
