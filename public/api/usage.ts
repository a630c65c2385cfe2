import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  CallersView,
  CallView,
  UsageSummary,
  UsageView,
} from '../../registry/operations/usage/usage-view.js';
import { request, serverUrl } from './http';

export type { CallView, UsageView };
export type UsageFigures = UsageView['totals'];
export type UsageGroup = UsageView['groups'][number];

const HOUR_MS = 3_600_000;
/** How long each range is. */
export const USAGE_RANGES = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
} as const;
export type UsageRange = keyof typeof USAGE_RANGES;

export const USAGE_DIMENSIONS = ['server', 'tool', 'principal'] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

/** Which calls are meant. An empty name is one: that of callers without a token, for example; absent: all of them. */
export interface UsageFilter {
  readonly range: UsageRange;
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
  readonly principal?: string | undefined;
}

const SUMMARY_MS = 30_000;
const USAGE_MS = 10_000;
const MOST_GROUPS = 200;
/** Enough to know by whom a server would be missed. */
const CALLER_DAYS = 7;

/** What was called today. */
export function useUsageSummary() {
  return useQuery({
    queryKey: ['usage', 'summary'],
    queryFn: ({ signal }) => request<UsageSummary>('GET', '/api/usage/summary', { signal }),
    refetchInterval: SUMMARY_MS,
  });
}

/** How much was called, how fast and with which errors, over time and by one dimension. */
export function useUsage(filter: UsageFilter, by: UsageDimension) {
  return useQuery({
    queryKey: ['usage', 'by', by, filter],
    queryFn: ({ signal }) =>
      request<UsageView>(
        'GET',
        `/api/usage?${usageQuery(filter, Date.now())}&by=${by}&limit=${String(MOST_GROUPS)}`,
        { signal },
      ),
    refetchInterval: USAGE_MS,
    placeholderData: keepPreviousData,
  });
}

/** Who used a server lately. */
export function useServerCallers(path: string) {
  return useQuery({
    queryKey: ['usage', 'callers', path],
    queryFn: ({ signal }) =>
      request<CallersView>('GET', serverUrl(path, 'callers'), {
        query: { days: CALLER_DAYS },
        signal,
      }),
    retry: false,
  });
}

/** What became of one request. */
export function useCall(requestId: string) {
  return useQuery({
    queryKey: ['usage', 'request', requestId],
    queryFn: ({ signal }) =>
      request<CallView>('GET', `/api/usage/requests/${encodeURIComponent(requestId)}`, { signal }),
    enabled: requestId !== '',
  });
}

/** Where a browser downloads what the filter lets through. */
export function usageExportUrl(filter: UsageFilter, now: number): string {
  return `/api/usage/export?${usageQuery(filter, now)}`;
}

/** The query that means the filter, as seen from a moment. */
export function usageQuery(filter: UsageFilter, now: number): string {
  const query = new URLSearchParams({
    from: new Date(now - USAGE_RANGES[filter.range]).toISOString(),
  });
  for (const dimension of USAGE_DIMENSIONS) {
    const name = filter[dimension];
    if (name !== undefined) query.set(dimension, name);
  }
  return query.toString();
}
