import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** What matters comes within a few seconds; no more than this of it is read, however much nginx has to say. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Remembers where a log ends; the function it gives reads what was written since, from its beginning. Only that is read,
 * since it is asked for every few milliseconds and the log may be of any size. A missing log is empty.
 */
export function tailLog(file: string): () => string {
  const start = orElse(() => statSync(file).size, 0);
  return () => orElse(() => readFrom(file, start), '');
}

function readFrom(file: string, start: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const length = Math.min(Math.max(0, fstatSync(descriptor).size - start), MAX_BYTES);
    const bytes = Buffer.alloc(length);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, length, start));
  } finally {
    closeSync(descriptor);
  }
}

function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
