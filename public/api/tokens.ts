import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Scope } from '../../registry/access/principal.js';
import type { IssuedToken, TokenView } from '../../registry/operations/access/token-view.js';
import { request } from './http';

export type { IssuedToken, Scope, TokenView };

export interface TokenInput {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly scopes?: readonly Scope[];
  readonly expiresInDays?: number;
  readonly server?: string;
}

const TOKENS = ['tokens'] as const;

/** One's own tokens; those of everybody for who manages tokens. */
export function useTokens(enabled = true) {
  return useQuery({
    queryKey: TOKENS,
    queryFn: ({ signal }) =>
      request<{ readonly tokens: readonly TokenView[] }>('GET', '/api/tokens', { signal }),
    enabled,
  });
}

export function useIssueToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TokenInput) => request<IssuedToken>('POST', '/api/tokens', { body }),
    // A secret is kept no longer than it is shown.
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/tokens/${encodeURIComponent(id)}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}
