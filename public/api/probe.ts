import { useMutation } from '@tanstack/react-query';
import type { ServerProbe } from '../../registry/operations/servers/server-probe.js';
import { request } from './http';
import type { ServerBody } from './server-changes';

export type { ServerProbe };

/** Tries an address as the registry would use it. */
export function useProbe() {
  return useMutation({
    mutationFn: (body: ServerBody) => request<ServerProbe>('POST', '/api/probe', { body }),
  });
}
