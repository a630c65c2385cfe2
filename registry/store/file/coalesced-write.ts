import { Mutex } from 'async-mutex';

/**
 * Makes a write that many may ask for at once: one runs at a time, each caller waits for a write that
 * began after its call, and all who wait share one.
 */
export function coalesceWrites(write: () => Promise<void>): () => Promise<void> {
  const mutex = new Mutex();
  let asked = 0;
  let written = 0;
  return async () => {
    asked += 1;
    const mine = asked;
    await mutex.runExclusive(async () => {
      if (written >= mine) return;
      const upTo = asked;
      await write();
      written = upTo;
    });
  };
}
