import { serverSchema, SERVER_DEFAULTS, type Server } from '../../registry/catalog/server.js';
import type { Discovery } from '../../registry/catalog/discovery.js';
import type { ServerPath } from '../../registry/catalog/server-path.js';
import type { Log } from '../../registry/log.js';
import type { DiscoveryStore } from '../../registry/store/store.js';
import { createOutboundGuard } from '../../registry/upstream/outbound-guard.js';

/** A server as the catalog holds it. */
export function serverAt(url: string, change: Record<string, unknown> = {}): Server {
  return serverSchema.parse({
    ...SERVER_DEFAULTS,
    tags: [],
    name: 'Under test',
    path: '/under-test',
    url,
    enabled: true,
    owner: 'admin',
    revision: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  });
}

export function catalogOf(...servers: readonly Server[]): ReadonlyMap<ServerPath, Server> {
  return new Map(servers.map((server) => [server.path, server]));
}

export const openGuard = createOutboundGuard({
  policy: { mode: 'private-allowed', allow: [] },
  ownPorts: [],
});

export interface MemoryStore extends DiscoveryStore {
  readonly saved: Map<ServerPath, Discovery>;
}

export function createMemoryStore(): MemoryStore {
  const saved = new Map<ServerPath, Discovery>();
  return {
    saved,
    load: () => Promise.resolve(new Map(saved)),
    save(path, discovery) {
      saved.set(path, discovery);
      return Promise.resolve();
    },
    remove(path) {
      saved.delete(path);
      return Promise.resolve();
    },
  };
}

/** Keeps what is logged. */
export function createListLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string) => void lines.push(message);
  return { lines, error: write, warn: write, info: write, debug: write };
}
