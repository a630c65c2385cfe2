import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type {
  ClientGuide,
  ClientHostList,
} from '../../registry/operations/servers/client-guides.js';
import type { TrialView } from '../../registry/operations/servers/server-trial.js';
import type { IssuedToken } from '../../registry/operations/access/token-view.js';
import { request, serverUrl } from './http';

export type { TrialView };

export function useClientHosts() {
  return useQuery({
    queryKey: ['clients'],
    queryFn: ({ signal }) => request<ClientHostList>('GET', '/api/clients', { signal }),
    staleTime: Infinity,
  });
}

/** @param revision of the server, whose changes may change the text */
export function useClientGuide(host: string, server: string, revision: number) {
  return useQuery({
    queryKey: ['server', server, 'client', host, revision],
    queryFn: ({ signal }) =>
      request<ClientGuide>('GET', `/api/clients/${encodeURIComponent(host)}`, {
        query: { server },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** Makes a token that is good for one server alone, or without one for all that the person may do. */
export function useServerToken() {
  return useMutation({
    mutationFn: (wanted: {
      readonly name: string;
      readonly server?: string;
      readonly expiresInDays?: number;
    }) => request<IssuedToken>('POST', '/api/tokens', { body: wanted }),
  });
}

/** Connects through the gateway's own address, with the rights of the person. */
export function useTrial(path: string) {
  return useMutation({
    mutationFn: () => request<TrialView>('POST', serverUrl(path, 'try')),
  });
}
