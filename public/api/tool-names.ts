import { useQuery } from '@tanstack/react-query';
import type { ToolPage } from '../../registry/operations/tools/tool-operations.js';
import type { ToolView } from '../../registry/operations/tools/tool-view.js';
import { request } from './http';

/** What can be chosen or counted: a tool by the server that offers it. */
export type ToolName = Pick<ToolView, 'name' | 'server'>;

const PAGE_SIZE = 1000;

/** The names of all tools that the person sees. */
export function useToolNames() {
  return useQuery({
    queryKey: ['tools', 'names'],
    queryFn: async ({ signal }) => {
      const names: ToolName[] = [];
      let cursor: string | undefined;
      do {
        const page: ToolPage = await request('GET', '/api/tools', {
          query: { limit: PAGE_SIZE, cursor },
          signal,
        });
        names.push(...page.tools.map(({ name, server }) => ({ name, server })));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return names;
    },
    staleTime: 60_000,
  });
}
