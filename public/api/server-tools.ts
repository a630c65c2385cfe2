import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ServerTools, ToolView } from '../../registry/operations/tools/tool-view.js';
import type { ToolPage } from '../../registry/operations/tools/tool-operations.js';
import { request, serverUrl } from './http';

export type { ServerTools, ToolView };

/** A definition as it was when somebody looked at it the last time. */
export type EarlierTool = NonNullable<NonNullable<ToolView['review']>['previous']>;

const toolsKey = (path: string) => ['server-lists', path, 'tools'] as const;

export function useServerTools(path: string) {
  return useQuery({
    queryKey: toolsKey(path),
    queryFn: ({ signal }) => request<ServerTools>('GET', serverUrl(path, 'tools'), { signal }),
  });
}

/** Notes that somebody has looked at definitions; without names at all of them. */
export function useReview(path: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (tools: readonly string[] | undefined) =>
      request<ServerTools>('POST', serverUrl(path, 'review'), {
        body: tools === undefined ? {} : { tools },
      }),
    onSuccess: async (list) => {
      queries.setQueryData(toolsKey(path), list);
      await queries.invalidateQueries({ queryKey: ['server', path] });
    },
  });
}

const PAGE_SIZE = 200;

/** The tools of all servers, page after page. */
export function useAllTools(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['tools', 'all'],
    queryFn: ({ pageParam, signal }) =>
      request<ToolPage>('GET', '/api/tools', {
        query: { limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled,
  });
}
