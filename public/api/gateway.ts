import { useQuery } from '@tanstack/react-query';
import type { GatewayStatusView } from '../../registry/operations/system/system-view.js';
import { useLive } from '../live/live-context';
import { request } from './http';
import { POLL_MS } from './servers';
import { useMay } from './session';

/** Callers without `gateway:read` are told these two alone. */
export type GatewayState = Pick<GatewayStatusView, 'state' | 'generation'> &
  Partial<GatewayStatusView>;

export const GATEWAY = ['gateway'] as const;

/** What nginx serves: pushed, and asked for while that does not work. */
export function useGateway() {
  const { state } = useLive();
  const mayRead = useMay()('gateway:read');
  return useQuery({
    queryKey: GATEWAY,
    queryFn: ({ signal }) => request<GatewayState>('GET', '/api/gateway', { signal }),
    enabled: mayRead && state !== 'connecting',
    staleTime: state === 'live' ? Infinity : POLL_MS,
    refetchInterval: state === 'lost' ? POLL_MS : false,
  });
}
