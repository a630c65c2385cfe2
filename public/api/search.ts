import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ToolSearchResult } from '../../registry/operations/tools/tool-search.js';
import { request } from './http';

export type FoundTool = ToolSearchResult['results'][number];

/** Tools that do what the words describe, the best first. */
export function useToolSearch(query: string, limit = 20) {
  const q = query.trim();
  return useQuery({
    queryKey: ['tools', 'search', q, limit],
    queryFn: ({ signal }) =>
      request<ToolSearchResult>('GET', '/api/search/tools', { query: { q, limit }, signal }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });
}
