import {
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import type { ServerSummary } from '../../registry/operations/servers/server-summary.js';
import type { ServerView } from '../../registry/operations/servers/server-view.js';
import type { GatewayOutcome } from '../../registry/gateway/gateway.js';
import { useLive, type LiveState } from '../live/live-context';
import { request, serverUrl } from './http';
import { withCheckTimes, withServers } from './server-list';

/** A summary is what lists show of a server; the rest is on its own page. */
export type { ServerSummary, ServerView };

/** A server after a change, and what nginx made of it. */
export type ChangedServer = ServerView & { readonly gateway: GatewayOutcome };

interface ServerPage {
  readonly servers: readonly ServerView[];
  readonly builtIn: readonly ServerView[];
  readonly nextCursor?: string;
}

export const SERVERS = ['servers'] as const;
export const serverKey = (path: string) => ['server', path] as const;

/** How often is asked while changes are not pushed. */
export const POLL_MS = 10_000;
/** How often is asked for what is not pushed: checks that find what was found before. */
const CHECKS_MS = 60_000;
/** Of longer lists it is asked less often: many people may have them open. */
const CHECKED_AT_ONCE = 200;
const PAGE_SIZE = 1000;

/** All servers that the person sees, in the order of their paths: pushed, and asked for while that does not work. */
export function useServers() {
  const { state } = useLive();
  return useQuery({
    queryKey: SERVERS,
    queryFn: ({ signal }) => allServers(signal),
    // The channel begins with all servers; they are asked for only when it does not come about.
    enabled: state !== 'connecting',
    staleTime: state === 'live' ? Infinity : POLL_MS,
    refetchInterval: state === 'lost' ? POLL_MS : false,
  });
}

/** Keeps the times of checks in the list of servers right, while somebody looks at it. */
export function useCheckTimes(): void {
  const queries = useQueryClient();
  const { state } = useLive();
  const count = queries.getQueryData<readonly ServerSummary[]>(SERVERS)?.length ?? 0;
  const every = CHECKS_MS * Math.ceil(count / CHECKED_AT_ONCE);
  useQuery({
    queryKey: ['check-times'],
    queryFn: async ({ signal }) => {
      const checked = await allServers(signal);
      queries.setQueryData<readonly ServerSummary[]>(
        SERVERS,
        (servers) => servers && withCheckTimes(servers, checked),
      );
      return null;
    },
    enabled: state === 'live' && count > 0,
    staleTime: every,
    refetchInterval: every,
  });
}

/** How often is asked for one server and its checks. */
export function checksInterval(state: LiveState): number {
  return state === 'lost' ? POLL_MS : CHECKS_MS;
}

export function useServer(path: string) {
  const { state } = useLive();
  return useQuery({
    queryKey: serverKey(path),
    queryFn: ({ signal }) => request<ServerView>('GET', serverUrl(path), { signal }),
    refetchInterval: checksInterval(state),
  });
}

/** The servers that the gateway itself is, and that are in no catalog. They do not change while it runs. */
export function useBuiltInServers() {
  return useQuery({
    queryKey: ['built-in-servers'],
    queryFn: async ({ signal }) => {
      const page = await request<ServerPage>('GET', '/api/servers', {
        query: { limit: 1 },
        signal,
      });
      return page.builtIn;
    },
    staleTime: Infinity,
  });
}

async function allServers(signal: AbortSignal): Promise<readonly ServerSummary[]> {
  const servers: ServerSummary[] = [];
  let cursor: string | undefined;
  do {
    const page: ServerPage = await request('GET', '/api/servers', {
      query: { limit: PAGE_SIZE, cursor },
      signal,
    });
    servers.push(...page.servers);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return servers;
}

interface Toggle {
  readonly path: string;
  readonly enabled: boolean;
}

const TOGGLE = ['toggle'];
/** By path: the toggle that was asked for last. */
const toggles = new Map<string, Promise<unknown>>();

/** Enables or disables one server. Of two that are asked for at once the second waits: on the way they could change places. */
export function useToggle() {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: TOGGLE,
    mutationFn: ({ path, enabled }: Toggle) => {
      const send = () =>
        request<ChangedServer>('POST', serverUrl(path, enabled ? 'enable' : 'disable'));
      const toggle = (toggles.get(path) ?? Promise.resolve()).then(send, send);
      toggles.set(path, toggle);
      return toggle;
    },
    onSuccess: (changed) => keepServer(queries, changed),
  });
}

/** Whether a server is to be enabled, while the answer is awaited; undefined when nobody here wants to change it. */
export function useWantedEnabled(path: string): boolean | undefined {
  const last = useMutationState({
    filters: { mutationKey: TOGGLE },
    select: ({ state }) => ({
      ...(state.variables as Toggle),
      isPending: state.status === 'pending',
    }),
  }).findLast((toggle) => toggle.path === path);
  // An earlier one that is answered late is not wanted any more.
  return last?.isPending === true ? last.enabled : undefined;
}

/** Notes what the answer to a change says of a server, without waiting for the push. */
export function keepServer(queries: QueryClient, { gateway: _, ...server }: ChangedServer): void {
  queries.setQueryData<ServerView>(serverKey(server.path), (known) =>
    known !== undefined && known.revision > server.revision ? known : server,
  );
  queries.setQueryData<readonly ServerSummary[]>(SERVERS, (servers) =>
    servers === undefined ? undefined : withServers(servers, new Map([[server.path, server]])),
  );
}
