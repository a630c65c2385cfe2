import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** Writes a file that its owner alone can read, durably. */
export function writePrivately(file: string, bytes: Buffer): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
