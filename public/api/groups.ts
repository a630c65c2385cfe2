import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GroupView } from '../../registry/operations/access/group-view.js';
import { request } from './http';
import { useMay } from './session';

export type { GroupView };

/** What a person writes of a group. */
export interface GroupInput {
  readonly name: string;
  readonly description: string;
  readonly servers: readonly string[];
  readonly tools: readonly string[];
  readonly denyTools: readonly string[];
}

export const GROUPS = ['groups'] as const;

/** All groups, for who may read them. */
export function useGroups() {
  const mayRead = useMay()('groups:read');
  return useQuery({
    queryKey: GROUPS,
    queryFn: ({ signal }) =>
      request<{ readonly groups: readonly GroupView[] }>('GET', '/api/groups', { signal }),
    enabled: mayRead,
  });
}

/** Creates a group, or changes the one that there is. */
export function useSaveGroup() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ group, isNew }: { readonly group: GroupInput; readonly isNew: boolean }) => {
      const { name, ...body } = group;
      return isNew
        ? request<GroupView>('POST', '/api/groups', { body: group })
        : request<GroupView>('PATCH', urlOf(name), { body });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: GROUPS }),
  });
}

export function useRemoveGroup() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => request('DELETE', urlOf(name)),
    onSuccess: () => queries.invalidateQueries({ queryKey: GROUPS }),
  });
}

function urlOf(name: string): string {
  return `/api/groups/${encodeURIComponent(name)}`;
}
