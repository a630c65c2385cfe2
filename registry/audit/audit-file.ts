import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import {
  listAuditFiles,
  nextAuditFileName,
  syncDirectory,
  timeOfAuditFile,
} from './audit-files.js';

/** A file that entries are appended to. */
export interface AuditFile {
  /** UTC day on which it was begun, `2026-01-02`. */
  readonly day: string;
  readonly size: number;
  /** Appends whole lines. When that fails, nothing of them is left behind as far as the disk permits. */
  append(lines: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the newest file of the directory; `undefined` when there is none. */
export async function openNewestAuditFile(directory: string): Promise<AuditFile | undefined> {
  const name = (await listAuditFiles(directory)).at(-1);
  if (name === undefined) return undefined;
  const handle = await open(path.join(directory, name), 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    return auditFile(name, handle, size, await endsTorn(handle, size));
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

/** Begins a new file. */
export async function beginAuditFile(directory: string, now: Date): Promise<AuditFile> {
  const name = nextAuditFileName(await listAuditFiles(directory), now);
  const handle = await open(path.join(directory, name), 'ax', 0o600);
  await syncDirectory(directory);
  return auditFile(name, handle, 0, false);
}

function auditFile(name: string, handle: FileHandle, opened: number, torn: boolean): AuditFile {
  let size = opened;
  let lineOpen = torn;
  return {
    day: timeOfAuditFile(name)?.toISOString().slice(0, 10) ?? '',
    get size() {
      return size;
    },
    append: async (lines) => {
      // What a crash left of a line stays a line of its own, which readers skip.
      const bytes = Buffer.from(lineOpen ? `\n${lines}` : lines, 'utf8');
      try {
        await handle.appendFile(bytes);
      } catch (thrown) {
        // A full disk may have taken a part; what is tried again must not be there twice.
        await handle.truncate(size).catch(() => undefined);
        throw thrown;
      }
      size += bytes.length;
      lineOpen = false;
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** Whether the last line has no end: the process or the machine died while it was written. */
async function endsTorn(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}
