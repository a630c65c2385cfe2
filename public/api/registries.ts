import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RegistrySource } from '../../registry/catalog/registry-source.js';
import { request } from './http';
import type { PullResult } from './pull';
import { SERVERS } from './servers';

export type { RegistrySource };

/** What is decided of a registry that is followed. */
export interface RegistrySourceInput extends Pick<
  RegistrySource,
  'search' | 'existing' | 'everyHours'
> {
  readonly url: string;
}

const REGISTRIES = ['registries'] as const;

/** The registries that one follows; those of everybody for who may change everybody's servers. */
export function useRegistries(enabled: boolean) {
  return useQuery({
    queryKey: REGISTRIES,
    queryFn: ({ signal }) =>
      request<{ readonly registries: readonly RegistrySource[] }>('GET', '/api/registries', {
        signal,
      }),
    enabled,
  });
}

export function useFollowRegistry() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: RegistrySourceInput) =>
      request<RegistrySource>('POST', '/api/registries', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: REGISTRIES }),
  });
}

/** Pulls from it more often, or less; null: only when somebody asks. */
export function useReschedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, everyHours }: { readonly id: string; readonly everyHours: number | null }) =>
      request<RegistrySource>('PATCH', `/api/registries/${id}`, { body: { everyHours } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: REGISTRIES }),
  });
}

/** What was pulled from it stays. */
export function useLeaveRegistry() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/registries/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: REGISTRIES }),
  });
}

/** Takes over what it has changed since the last time. */
export function usePullFollowed() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      request<PullResult>('POST', `/api/registries/${id}/pull`, { body: {} }),
    // A pull that fails is noted as well.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: REGISTRIES });
      void queries.invalidateQueries({ queryKey: SERVERS });
    },
  });
}
