import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { AuditPage } from '../../registry/audit/audit-log.js';
import type { Preview } from '../../registry/gateway/gateway.js';
import type { ServerAccess } from '../../registry/operations/access/access-view.js';
import type {
  HealthHistory,
  PromptList,
  ResourceList,
} from '../../registry/operations/servers/server-findings.js';
import { useLive } from '../live/live-context';
import { request, serverUrl } from './http';
import { checksInterval } from './servers';

export type PromptView = PromptList['prompts'][number];
export type ResourceView = ResourceList['resources'][number];

export function usePrompts(path: string) {
  return useQuery({
    queryKey: ['server-lists', path, 'prompts'],
    queryFn: ({ signal }) => request<PromptList>('GET', serverUrl(path, 'prompts'), { signal }),
  });
}

export function useResources(path: string) {
  return useQuery({
    queryKey: ['server-lists', path, 'resources'],
    queryFn: ({ signal }) => request<ResourceList>('GET', serverUrl(path, 'resources'), { signal }),
  });
}

/** What the last checks found. */
export function useHealthHistory(path: string) {
  const { state } = useLive();
  return useQuery({
    queryKey: ['server', path, 'health'],
    queryFn: ({ signal }) => request<HealthHistory>('GET', serverUrl(path, 'health'), { signal }),
    refetchInterval: checksInterval(state),
  });
}

export type Grants = ServerAccess['groups'][number]['grants'];

export function useServerAccess(path: string) {
  return useQuery({
    queryKey: ['server', path, 'access'],
    queryFn: ({ signal }) => request<ServerAccess>('GET', serverUrl(path, 'access'), { signal }),
  });
}

export function useServerActivity(path: string) {
  return useInfiniteQuery({
    queryKey: ['server', path, 'activity'],
    queryFn: ({ pageParam, signal }) =>
      request<AuditPage>('GET', serverUrl(path, 'activity'), {
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** The lines that are rendered for a server. */
export function useServerConfiguration(path: string, revision: number) {
  return useQuery({
    queryKey: ['server', path, 'configuration', revision],
    queryFn: ({ signal }) =>
      request<Preview>('POST', '/api/gateway/preview', { body: { path }, signal }),
    placeholderData: keepPreviousData,
  });
}
