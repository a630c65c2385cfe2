import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EMPTY_CATALOG, addServer } from '../../registry/catalog/catalog.js';
import { serverInputSchema, type Server } from '../../registry/catalog/server.js';
import { NO_AUTH } from '../../registry/catalog/server-auth.js';
import type { Log } from '../../registry/log.js';
import type { RegistryState, StateChange } from '../../registry/store/store.js';

const AT = '2026-01-02T03:04:05.000Z';

/** A server as `registry.json` holds it. */
export function makeServer(path: string, name = 'Weather'): Server {
  const input = serverInputSchema.parse({ name, path, url: 'http://weather:8000/mcp' });
  const stamp = { by: 'admin', at: AT, revision: 1 };
  const { servers } = addServer(EMPTY_CATALOG, { ...input, auth: NO_AUTH }, stamp);
  const [server] = servers.values();
  if (server === undefined) throw new Error('no server was added');
  return server;
}

/** A change that adds one server. */
export function adding(
  path: string,
  description = '',
): (state: RegistryState, revision: number) => StateChange {
  return ({ catalog }, revision) => {
    const input = serverInputSchema.parse({ name: path, path, url: 'http://a/mcp', description });
    const stamp = { by: 'admin', at: AT, revision };
    return { catalog: addServer(catalog, { ...input, auth: NO_AUTH }, stamp) };
  };
}

export function makeDocument(parts: Record<string, unknown> = {}): string {
  return JSON.stringify(
    { version: 1, revision: 7, servers: [], accounts: [], tokens: [], ...parts },
    null,
    2,
  );
}

/** A log that remembers what was written to it. */
export function makeRecordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  return {
    lines,
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
  };
}

/** Runs `use` with a new folder and removes it afterwards. */
export async function withDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'registry-store-'));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
