import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

const NAME = /^audit-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.jsonl$/;
const DAY_MS = 86_400_000;

/** How much of the past is kept. */
export interface Retention {
  readonly maxDays: number;
  /** Of all files together; the newest file is kept even if it alone is larger. */
  readonly maxBytes: number;
}

/** `audit-20260102T030405678Z.jsonl`: names sort by time, and no file system objects to them. */
export function auditFileName(time: Date): string {
  return `audit-${time.toISOString().replaceAll(/[-:.]/g, '')}.jsonl`;
}

/** When a file was begun; `undefined` for names that are not ours. */
export function timeOfAuditFile(name: string): Date | undefined {
  const [, ...parts] = NAME.exec(name) ?? [];
  if (parts.length === 0) return undefined;
  const [year, month, day, hour, minute, second, ms] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** Names of the audit files of a directory, oldest first; none when there is no such directory. */
export async function listAuditFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw thrown;
  });
  return names.filter((name) => timeOfAuditFile(name) !== undefined).sort();
}

/** The name of a file that is begun now. It sorts after all others even when the clock was set back. */
export function nextAuditFileName(names: readonly string[], now: Date): string {
  const last = names.at(-1);
  const lastTime = last === undefined ? undefined : timeOfAuditFile(last);
  const earliest = lastTime === undefined ? 0 : lastTime.getTime() + 1;
  return auditFileName(new Date(Math.max(now.getTime(), earliest)));
}

/**
 * Removes the oldest files that are beyond what is to be kept.
 * @returns the names of the removed files
 */
export async function pruneAuditFiles(
  directory: string,
  { maxDays, maxBytes }: Retention,
  now: Date,
): Promise<string[]> {
  const names = await listAuditFiles(directory);
  const tooOld = new Date(now.getTime() - maxDays * DAY_MS);
  const removed: string[] = [];
  let bytes = 0;
  for (const [index, name] of [...names.entries()].reverse()) {
    bytes += (await stat(path.join(directory, name))).size;
    const next = names[index + 1];
    // Every entry of a file is older than the beginning of the file after it.
    const end = next === undefined ? undefined : timeOfAuditFile(next);
    if (end === undefined || (bytes <= maxBytes && end >= tooOld)) continue;
    await rm(path.join(directory, name));
    removed.push(name);
  }
  return removed;
}

/** Makes the names in a directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
