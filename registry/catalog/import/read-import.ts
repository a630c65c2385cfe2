import { accept, refuse, type Result } from '../result.js';
import { hostDrafts } from './host-servers.js';
import { finishDrafts, type ImportDraft, type ImportEntry } from './import-draft.js';
import { isOriginal, originalDrafts } from './original-servers.js';
import { ownDrafts } from './own-servers.js';
import { fieldsIn, isFields, readJson, type Fields } from './read-json.js';
import { registryDrafts } from './registry-servers.js';

export const IMPORT_FORMATS = [
  'mcpServers',
  'servers',
  'server.json',
  'export',
  'original',
] as const;
type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportPreview {
  readonly format: ImportFormat;
  /** In the order of the file. */
  readonly entries: readonly ImportEntry[];
}

const MAX_ENTRIES = 5000;

interface Drafted {
  readonly format: ImportFormat;
  readonly drafts: readonly ImportDraft[];
}

/**
 * Reads the servers of a file of some other program, of the official registry, or of this one. It changes nothing, and
 * what cannot be taken over is told of at its entry.
 */
export function readImport(text: string): Result<ImportPreview> {
  const value = readJson(text);
  if (value === undefined) return refuse('is not JSON');
  const drafted = draftsIn(value);
  if (drafted === undefined) {
    return refuse(
      'is none of the known forms: an object with "mcpServers" (Cursor, Claude, Windsurf, Gemini) or "servers" (VS Code), a server.json or list of the official registry, files of the Python registry, or servers as this registry shows them',
    );
  }
  if (drafted.drafts.length > MAX_ENTRIES) {
    return refuse(`has ${drafted.drafts.length} servers; take at most ${MAX_ENTRIES} at a time`);
  }
  return accept({ format: drafted.format, entries: finishDrafts(drafted.drafts) });
}

function draftsIn(value: unknown): Drafted | undefined {
  if (Array.isArray(value)) return listDrafts(value);
  if (!isFields(value)) return undefined;
  const hosts = fieldsIn(value, 'mcpServers');
  if (hosts !== undefined) return { format: 'mcpServers', drafts: hostDrafts(hosts) };
  // VS Code had them in its settings first: `mcp.servers`.
  const servers = fieldsIn(value, 'servers') ?? fieldsIn(fieldsIn(value, 'mcp') ?? {}, 'servers');
  if (servers !== undefined) return { format: 'servers', drafts: hostDrafts(servers) };
  if (Array.isArray(value.servers)) return listDrafts(value.servers);
  return listDrafts([value]) ?? bareDrafts(value) ?? mapDrafts(value);
}

function listDrafts(list: readonly unknown[]): Drafted | undefined {
  const items = list.filter(isFields);
  if (items.length === 0) return undefined;
  if (items.every(isOfRegistry)) return { format: 'server.json', drafts: registryDrafts(items) };
  if (items.every(isOriginal)) return { format: 'original', drafts: originalDrafts(items) };
  return items.every(isOurs) ? { format: 'export', drafts: ownDrafts(items) } : undefined;
}

function isOfRegistry(item: Fields): boolean {
  const detail = fieldsIn(item, 'server') ?? item;
  const isDescribed = Array.isArray(detail.remotes) || Array.isArray(detail.packages);
  return isDescribed || ('$schema' in detail && typeof detail.name === 'string') || detail !== item;
}

function isOurs({ path, url }: Fields): boolean {
  return typeof path === 'string' && typeof url === 'string';
}

/** All servers of the Python registry, by their paths (`GET /api/server_details/all`). */
function mapDrafts(value: Fields): Drafted | undefined {
  const entries = Object.values(value);
  const isMap =
    entries.length > 0 && entries.every((entry) => isFields(entry) && isOriginal(entry));
  return isMap ? listDrafts(entries) : undefined;
}

/** The inside of `mcpServers`, as documentation often shows it. */
function bareDrafts(value: Fields): Drafted | undefined {
  const entries = Object.values(value);
  const isServer = (entry: unknown) =>
    isFields(entry) &&
    ['url', 'httpUrl', 'serverUrl', 'command'].some((key) => typeof entry[key] === 'string');
  if (entries.length === 0 || !entries.every(isServer)) return undefined;
  return { format: 'mcpServers', drafts: hostDrafts(value) };
}
