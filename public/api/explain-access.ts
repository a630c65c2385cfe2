import { useQuery } from '@tanstack/react-query';
import type { Explanation } from '../../registry/operations/access/access-view.js';
import { request } from './http';

/** Whose access is meant, and to what: exactly one of the first three. */
export interface AccessQuestion {
  readonly token?: string;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly server: string;
  readonly tool?: string;
}

/** @param question undefined: not yet complete */
export function useAccessExplanation(question: AccessQuestion | undefined) {
  return useQuery({
    queryKey: ['access-explanation', question],
    queryFn: ({ signal }) =>
      request<Explanation>('POST', '/api/access/explain', { body: question, signal }),
    enabled: question !== undefined,
    // Groups and users change elsewhere.
    staleTime: 0,
  });
}
