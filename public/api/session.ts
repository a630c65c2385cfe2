import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Permission, Role } from '../../registry/access/principal.js';
import { request, setCsrfToken } from './http';
import { checkLogIn } from './log-in-methods';
import { Problem } from './problem';

/** Who is logged in. */
export interface Me {
  readonly username: string;
  readonly displayName?: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly permissions: readonly Permission[];
  readonly csrfToken: string | null;
  readonly endSessionUrl?: string;
  readonly mustChangePassword?: true;
}

export const ME = ['me'] as const;

/** The person of this session: undefined until it is known, null without one. */
export function useMe() {
  return useQuery({
    queryKey: ME,
    queryFn: async () => {
      // Where there is no session, this is not refused: browsers write refusals into their console.
      if ((await checkLogIn()).cookie !== 'accepted') return null;
      try {
        return keep(await request<Me>('GET', '/api/me'));
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Infinity,
    refetchOnWindowFocus: true,
  });
}

/** Whether the person of this session may do something; the API decides, this only says what to offer. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useMe();
  return (permission) => data?.permissions.includes(permission) ?? false;
}

export function useLogIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: { readonly username: string; readonly password: string }) => {
      await request<Me>('POST', '/api/login', { body: credentials });
      // Whether the browser kept the cookie shows only now.
      return keep(await request<Me>('GET', '/api/me'));
    },
    onSuccess: (me) => {
      become(queries, me);
    },
  });
}

export function useLogOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => request('POST', '/api/logout'),
    onSuccess: () => {
      const endSessionUrl = queries.getQueryData<Me>(ME)?.endSessionUrl;
      become(queries, null);
      if (endSessionUrl !== undefined) window.location.assign(endSessionUrl);
    },
  });
}

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: { readonly currentPassword: string; readonly newPassword: string }) =>
      keep(await request<Me>('POST', '/api/me/password', { body })),
    onSuccess: (me) => queries.setQueryData(ME, me),
  });
}

/** What one person was shown is not there for the next. */
function become(queries: QueryClient, me: Me | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] });
  queries.setQueryData(ME, me);
}

function keep(me: Me): Me {
  setCsrfToken(me.csrfToken);
  return me;
}
