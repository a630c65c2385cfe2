import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { serverInputSchema, type Server } from '../../registry/catalog/server.js';
import { NO_AUTH } from '../../registry/catalog/server-auth.js';
import { formatRegistryDocument } from '../../registry/store/file/registry-document.js';
import { NOBODY, type BenchAccess } from './bench-access.js';

const AT = '2026-01-01T00:00:00.000Z';

export interface CatalogEntry {
  readonly path: string;
  readonly enabled: boolean;
  /** Absent: anybody may call it. */
  readonly access?: Server['access'];
}

/** Writes a catalog of servers, all of them at `upstreamUrl`, before the registry starts. */
export function writeCatalog(
  dataDir: string,
  upstreamUrl: string,
  entries: readonly CatalogEntry[],
  { accounts, groups, tokens }: BenchAccess = NOBODY,
): void {
  const servers = entries.map(({ path: at, enabled, access = 'public' }): Server => ({
    ...serverInputSchema.parse({
      name: at,
      path: at,
      url: `${upstreamUrl}/mcp`,
      transport: 'streamable-http',
      access,
      enabled,
    }),
    auth: NO_AUTH,
    owner: 'bench',
    revision: 1,
    createdAt: AT,
    updatedAt: AT,
  }));
  const text = formatRegistryDocument({
    version: 1,
    revision: 1,
    servers,
    accounts: [...accounts],
    groups: [...groups],
    tokens: [...tokens],
    registries: [],
  });
  writeFileSync(path.join(dataDir, 'registry.json'), text, { mode: 0o600 });
}

/** `/fill/server-0001` and so on: enabled servers that nobody calls. */
export function fillers(count: number): CatalogEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `/fill/server-${String(index).padStart(4, '0')}`,
    enabled: true,
  }));
}
