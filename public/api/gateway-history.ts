import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  GatewayConfigView,
  GenerationList,
  Restoration,
  RestorationPreview,
} from '../../registry/operations/system/system-view.js';
import { useGateway } from './gateway';
import { request } from './http';

/** A configuration that nginx was given once, and that is kept. */
export type Generation = GenerationList['generations'][number];

const CHANGE_MS = 2_000;
const SOON_MS = 10_000;

const url = (generation: string, ...below: readonly string[]) =>
  ['/api/gateway/generations', encodeURIComponent(generation), ...below].join('/');

/** The configuration that nginx runs on, anew with each generation. */
export function useLiveConfig() {
  const generation = useGateway().data?.generation;
  return useQuery({
    queryKey: ['gateway-config', generation],
    queryFn: ({ signal }) => request<GatewayConfigView>('GET', '/api/gateway/config', { signal }),
    placeholderData: (previous) => previous,
  });
}

/** The generations that are kept, newest first. */
export function useGenerations() {
  const served = useGateway().data?.generation;
  return useQuery({
    queryKey: ['generations', served],
    queryFn: ({ signal }) => request<GenerationList>('GET', '/api/gateway/generations', { signal }),
    placeholderData: (previous) => previous,
    refetchInterval: ({ state }) => (isToldOf(state.data) ? false : CHANGE_MS),
  });
}

/** What was changed is written down a moment after nginx has served it. */
function isToldOf(data: GenerationList | undefined): boolean {
  const live = data?.generations.find((each) => each.live);
  if (live?.appliedAt === undefined || live.change !== undefined || live.sameServers) return true;
  return Date.now() - Date.parse(live.appliedAt) > SOON_MS;
}

/** The files of one generation; they never change. @param generation empty: none */
export function useGeneration(generation: string) {
  return useQuery({
    queryKey: ['generation', generation],
    queryFn: ({ signal }) => request<GatewayConfigView>('GET', url(generation), { signal }),
    enabled: generation !== '',
    staleTime: Infinity,
  });
}

/** Which servers would be put back at present. */
export function useRestorationPreview(generation: string) {
  return useQuery({
    queryKey: ['generation', generation, 'restore'],
    queryFn: ({ signal }) =>
      request<RestorationPreview>('GET', url(generation, 'restore'), { signal }),
    // Others change servers meanwhile.
    staleTime: 0,
    gcTime: 0,
  });
}

/** Puts back the servers from which a generation was made. */
export function useRestore() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (generation: string) => request<Restoration>('POST', url(generation, 'restore')),
    onSuccess: () => queries.invalidateQueries(),
  });
}
