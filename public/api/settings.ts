import { useQuery } from '@tanstack/react-query';
import type { HealthReport, SettingsView } from '../../registry/operations/system/system-view.js';
import { request } from './http';

export type { HealthReport };

export type Setting = SettingsView['settings'][number];

/** What is configured. */
export function useSettings() {
  return useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => request<SettingsView>('GET', '/api/settings', { signal }),
  });
}

const HEALTH_MS = 15_000;

/** How the registry is, with reasons for who may read them. */
export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => request<HealthReport>('GET', '/health', { signal }),
    refetchInterval: HEALTH_MS,
  });
}
