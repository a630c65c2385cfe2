import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Preview } from '../../registry/gateway/gateway.js';
import { request } from './http';
import type { ServerBody } from './server-changes';

/** What nginx would be given for a server as it is written now. */
export function usePreview(body: ServerBody, enabled: boolean) {
  return useQuery({
    queryKey: ['preview', body],
    queryFn: ({ signal }) => request<Preview>('POST', '/api/gateway/preview', { body, signal }),
    enabled,
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
}
