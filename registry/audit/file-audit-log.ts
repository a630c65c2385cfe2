import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import { auditEntrySchema, type AuditEntry } from './audit-entry.js';
import { listAuditFiles, timeOfAuditFile, type Retention } from './audit-files.js';
import type { AuditFilters, AuditLog, AuditPage, AuditPageRequest } from './audit-log.js';
import { AuditWriter, WRITER_LIMITS, type WriterLimits } from './audit-writer.js';
import { linesBackwards } from './lines-backwards.js';
import { matchesFilters } from './matches-filters.js';

const DIRECTORY = 'audit';
/** A page that would need more than this read ends early, with a cursor to go on from. */
const SCAN_BYTES = 16 * 1024 * 1024;

export interface FileAuditLogOptions {
  readonly dataDir: string;
  readonly retention: Retention;
  readonly clock: () => Date;
  readonly log: Log;
  readonly limits?: Partial<WriterLimits & { readonly scanBytes: number }>;
}

/**
 * Keeps entries as lines of JSON in `dataDir`/audit, in files that only their owner may read. A new
 * file is begun every UTC day and when one is full. Without a disk that takes them, entries wait in memory
 * and `health` tells: the registry goes on.
 */
export function createFileAuditLog(options: FileAuditLogOptions): AuditLog {
  const { dataDir, retention, clock, log, limits } = options;
  const directory = path.join(dataDir, DIRECTORY);
  const writer = new AuditWriter({
    directory,
    retention,
    clock,
    log,
    limits: { ...WRITER_LIMITS, ...limits },
  });
  return {
    record: (entry) => writer.append(entry),
    query: async (request) => {
      await writer.flush();
      return readPage(directory, request, limits?.scanBytes ?? SCAN_BYTES);
    },
    health: () => writer.health(),
    close: () => writer.close(),
  };
}

/** A place between two lines: what is older lies before `offset` of the file and in older files. */
interface Place {
  readonly file: string;
  readonly offset: number;
}

async function readPage(
  directory: string,
  { filters, cursor, limit }: AuditPageRequest,
  scanBytes: number,
): Promise<AuditPage> {
  const begin = cursor === undefined ? undefined : requirePlace(cursor);
  const entries: AuditEntry[] = [];
  let last = begin;
  let scanned = 0;
  for await (const { text, place } of linesOf(directory, filters, begin)) {
    const entry = parseEntry(text, filters);
    // One more than asked for is looked for, to know whether there is another page.
    const isFull = entries.length === limit && entry !== undefined;
    if ((isFull || scanned >= scanBytes) && last !== undefined) {
      return { entries, nextCursor: writePlace(last) };
    }
    if (entry !== undefined) entries.push(entry);
    scanned += text.length;
    last = place;
  }
  return { entries };
}

/** All lines that can be meant, newest first. */
async function* linesOf(
  directory: string,
  { from, to }: AuditFilters,
  begin: Place | undefined,
): AsyncGenerator<{ readonly text: string; readonly place: Place }> {
  const names = (await listAuditFiles(directory)).reverse();
  for (const file of names.filter((name) => begin === undefined || name <= begin.file)) {
    const begun = timeOfAuditFile(file)?.getTime() ?? 0;
    // Nothing in a file is older than its name says.
    if (to !== undefined && begun >= Date.parse(to)) continue;
    const handle = await openIfThere(path.join(directory, file));
    if (handle === undefined) continue;
    try {
      const { size } = await handle.stat();
      const end = file === begin?.file ? Math.min(begin.offset, size) : size;
      for await (const { text, start } of linesBackwards(handle, end)) {
        yield { text, place: { file, offset: start } };
      }
    } finally {
      await handle.close();
    }
    if (from !== undefined && begun < Date.parse(from)) return;
  }
}

/** Old files may be removed while they are being listed. */
async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** `undefined` for entries that are not meant, and for lines that a crash cut. */
function parseEntry(text: string, filters: AuditFilters): AuditEntry | undefined {
  try {
    const entry = auditEntrySchema.parse(JSON.parse(text));
    return matchesFilters(entry, filters) ? entry : undefined;
  } catch {
    return undefined;
  }
}

function writePlace({ file, offset }: Place): string {
  return Buffer.from(`${file}:${offset}`, 'utf8').toString('base64url');
}

function requirePlace(cursor: string): Place {
  const [, file = '', offset] =
    /^([^:]+):(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (offset !== undefined && timeOfAuditFile(file) !== undefined) {
    return { file, offset: Number(offset) };
  }
  throw new RegistryError('validation-failed', 'Not accepted: cursor. See "errors".', {
    problems: [{ field: 'cursor', message: 'must be the "nextCursor" of an earlier answer' }],
  });
}
