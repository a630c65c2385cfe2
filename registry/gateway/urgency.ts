import type { Catalog } from '../catalog/catalog.js';

/**
 * How soon nginx has to follow a change of the catalog: at once when something was taken away from callers,
 * since they rely on it being gone; otherwise a few changes may share a reload.
 */
export function urgencyOf(before: Catalog, after: Catalog): 'soon' | 'at-once' {
  for (const [path, server] of before.servers) {
    if (!server.enabled) continue;
    const next = after.servers.get(path);
    if (next?.enabled !== true) return 'at-once';
    if (server.access === 'public' && next.access !== 'public') return 'at-once';
  }
  return 'soon';
}
