import { useQuery } from '@tanstack/react-query';
import type { LoginCheck } from '../../registry/operations/access/login-check.js';
import { request } from './http';

export type { LoginCheck };

interface LogInMethods {
  readonly password: true;
  readonly oidc?: { readonly name: string; readonly url: string };
}

/** How one can log in here. */
export function useLogInMethods() {
  return useQuery({
    queryKey: ['log-in-methods'],
    queryFn: () => request<LogInMethods>('GET', '/api/login/methods'),
    staleTime: Infinity,
  });
}

/** Why a log-in that was right did not hold. */
export function checkLogIn(): Promise<LoginCheck> {
  return request('GET', '/api/login/check', { query: { origin: window.location.origin } });
}
