import { readFileSync, statSync } from 'node:fs';

/** Remembers where a log ends; the function it gives reads what was written since. A missing log is empty. */
export function tailLog(file: string): () => string {
  const start = orElse(() => statSync(file).size, 0);
  return () => orElse(() => readFileSync(file).subarray(start).toString('utf8'), '');
}

function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
