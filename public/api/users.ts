import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Role } from '../../registry/access/principal.js';
import type { UserView } from '../../registry/operations/access/user-view.js';
import { GROUPS } from './groups';
import { request } from './http';
import { useMay } from './session';

export type { Role, UserView };

/** What an administrator writes of a user; what is absent stays as it is. */
export interface UserInput {
  readonly displayName?: string;
  readonly roles?: readonly Role[];
  readonly groups?: readonly string[];
  readonly disabled?: boolean;
  readonly password?: string;
  readonly mustChangePassword?: boolean;
}

const USERS = ['users'] as const;

/** All users, for who manages them. */
export function useUsers() {
  const mayManage = useMay()('users:manage');
  return useQuery({
    queryKey: USERS,
    queryFn: ({ signal }) =>
      request<{ readonly users: readonly UserView[] }>('GET', '/api/users', { signal }),
    enabled: mayManage,
  });
}

/** Creates a user, or changes the one that there is. */
export function useSaveUser() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (change: {
      readonly username: string;
      readonly user: UserInput;
      readonly isNew: boolean;
    }) => {
      const { username, user, isNew } = change;
      return isNew
        ? request<UserView>('POST', '/api/users', { body: { username, ...user } })
        : request<UserView>('PATCH', urlOf(username), { body: user });
    },
    onSuccess: refresh,
  });
}

export function useRemoveUser() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (username: string) => request('DELETE', urlOf(username)),
    onSuccess: refresh,
  });
}

/** Groups count their users, and tokens end with their owner. */
function useRefresh() {
  const queries = useQueryClient();
  return async () => {
    await Promise.all(
      [USERS, GROUPS, ['tokens']].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
  };
}

function urlOf(username: string): string {
  return `/api/users/${encodeURIComponent(username)}`;
}
