import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { GATEWAY } from '../api/gateway';
import { withServers } from '../api/server-list';
import { SERVERS, type ServerSummary } from '../api/servers';
import { ME } from '../api/session';
import type { Frame, LiveEvent } from './frames';
import { openLiveConnection, type LiveConnection } from './live-connection';
import { LiveContext, type LiveState } from './live-context';

/** Keeps what pages show in step with the registry, for as long as somebody is logged in. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const connection = useRef<LiveConnection>(undefined);

  useEffect(() => {
    const { protocol, host } = window.location;
    const opened = openLiveConnection(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`, {
      state: setState,
      frame: (frame) => take(queries, frame),
      signedOut: () => void queries.invalidateQueries({ queryKey: ME }),
    });
    connection.current = opened;
    return () => opened.close();
  }, [queries]);

  const live = useMemo(
    () => ({ state, reconnect: () => connection.current?.reconnect() }),
    [state],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

function take(queries: QueryClient, frame: Frame): void {
  if (frame.type === 'snapshot') {
    queries.setQueryData(SERVERS, frame.servers);
    queries.setQueryData(GATEWAY, frame.gateway);
    // What was asked for before a break may have changed since.
    void queries.invalidateQueries({ predicate: ({ queryKey }) => isOfServers(queryKey) });
  }
  if (frame.type === 'changes') takeEvents(queries, frame.events);
}

function takeEvents(queries: QueryClient, events: readonly LiveEvent[]): void {
  const changes = new Map<string, ServerSummary | undefined>();
  for (const event of events) {
    if (event.type === 'gateway') queries.setQueryData(GATEWAY, event.gateway);
    else if (event.type === 'server') changes.set(event.path, event.server);
    else if (event.type === 'server-removed') changes.set(event.path, undefined);
    else {
      void queries.invalidateQueries({ queryKey: ['tools'] });
      void queries.invalidateQueries({ queryKey: ['server-lists', event.path] });
    }
  }
  if (changes.size === 0) return;
  queries.setQueryData<readonly ServerSummary[]>(SERVERS, (servers) =>
    servers === undefined ? undefined : withServers(servers, changes),
  );
  for (const path of changes.keys()) {
    void queries.invalidateQueries({ queryKey: ['server', path] });
  }
}

function isOfServers([first]: readonly unknown[]): boolean {
  return first === 'server' || first === 'server-lists' || first === 'tools';
}
