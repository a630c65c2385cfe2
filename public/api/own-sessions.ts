import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from './http';
import { ME } from './session';

export interface OwnSession {
  readonly id: string;
  readonly begunAt: string;
  readonly lastSeenAt: string;
  readonly address: string;
  readonly userAgent: string;
  readonly current: boolean;
}

const KEY = ['own-sessions'];

export function useOwnSessions() {
  return useQuery({
    queryKey: KEY,
    queryFn: () => request<{ readonly sessions: readonly OwnSession[] }>('GET', '/api/me/sessions'),
  });
}

/** Ends one session of one's own, or with `others` all but this one. */
export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (which: { readonly id: string } | 'others') =>
      request(
        'DELETE',
        which === 'others'
          ? '/api/me/sessions'
          : `/api/me/sessions/${encodeURIComponent(which.id)}`,
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: KEY });
      await queries.invalidateQueries({ queryKey: ME });
    },
  });
}
