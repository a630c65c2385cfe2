import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PullResult } from '../../registry/operations/imports/pull-registry.js';
import { request } from './http';
import { SERVERS } from './servers';

export type { PullResult };

/** What to pull; of a look at it nothing is stored. */
export interface WantedPull {
  readonly url: string;
  readonly search?: string;
  readonly existing: 'keep' | 'update';
  readonly dryRun: boolean;
}

/** Takes over the servers of another registry, or tells what would be taken over. */
export function usePull() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WantedPull) => request<PullResult>('POST', '/api/registries/pull', { body }),
    onSuccess: ({ dryRun }) => {
      if (!dryRun) void queries.invalidateQueries({ queryKey: SERVERS });
    },
  });
}
