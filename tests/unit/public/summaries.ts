import type { ServerSummary } from '../../../public/api/servers';

/** A server of the list: healthy and enabled, unless told otherwise. */
export function summary(path: string, change: Partial<ServerSummary> = {}): ServerSummary {
  return {
    path,
    name: path.slice(1),
    description: '',
    url: `http://upstream.example${path}`,
    transport: 'auto',
    enabled: true,
    access: 'authenticated',
    tags: [],
    capabilities: [],
    owner: 'admin',
    publicUrl: `http://gateway.example${path}/mcp`,
    toolCount: 0,
    promptCount: 0,
    resourceCount: 0,
    health: { reachable: 'yes', usable: 'ok' },
    revision: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}
