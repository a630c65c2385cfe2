import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Removal, ServerRefresh } from '../../registry/operations/servers/outcome-view.js';
import { request, serverUrl } from './http';
import { keepServer, serverKey, SERVERS, type ChangedServer, type ServerSummary } from './servers';
import { withServers } from './server-list';

/** A server as people write it: what the API takes. */
export type ServerBody = Readonly<Record<string, unknown>>;

export type RefreshedServer = ChangedServer & Pick<ServerRefresh, 'changes'>;

export function useRegister() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ServerBody) => request<ChangedServer>('POST', '/api/servers', { body }),
    onSuccess: (changed) => keepServer(queries, changed),
  });
}

/** Changes some fields of a server, if it is still the one that was read. */
export function useChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: {
      readonly path: string;
      readonly body: ServerBody;
      readonly ifRevision: number;
    }) =>
      request<ChangedServer>('PATCH', serverUrl(change.path), {
        body: change.body,
        ifRevision: change.ifRevision,
      }),
    onSuccess: (changed, { path }) => {
      if (changed.path !== path) forgetServer(queries, path);
      keepServer(queries, changed);
    },
  });
}

/** Checks a server now, and lists what it offers. */
export function useRefresh() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (path: string) => request<RefreshedServer>('POST', serverUrl(path, 'refresh')),
    onSuccess: ({ changes: _, ...changed }) => {
      keepServer(queries, changed);
      void queries.invalidateQueries({ queryKey: ['server-lists', changed.path] });
      void queries.invalidateQueries({ queryKey: ['tools'] });
    },
  });
}

/** Removes a server, unless somebody has changed it since it was shown. */
export function useRemove() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ path, revision }: Pick<ServerSummary, 'path' | 'revision'>) =>
      request<Removal>(
        'DELETE',
        serverUrl(path),
        // A record that cannot be read has no revision.
        revision > 0 ? { ifRevision: revision } : {},
      ),
    onSuccess: ({ path }) => forgetServer(queries, path),
  });
}

function forgetServer(queries: QueryClient, path: string): void {
  queries.setQueryData<readonly ServerSummary[]>(SERVERS, (servers) =>
    servers === undefined ? undefined : withServers(servers, new Map([[path, undefined]])),
  );
  queries.removeQueries({ queryKey: serverKey(path) });
}
