import pLimit from 'p-limit';
import type { GateDirectory } from './gate-directory.js';

/** As many as libuv works on at once in production; more only wait in memory. */
const FILES_AT_ONCE = 32;

/** What lies in the gate directory of our own tokens, by SHA-256, so that only differences are written. */
export interface GateMirror {
  readonly size: number;
  has(sha256: string): boolean;
  /** Forgets everything and believes that these files lie there. */
  reset(found: ReadonlyMap<string, string>): void;
  /**
   * Makes the directory hold what is wanted, and none of the other files that the mirror knows.
   * @param stale what has to go as well
   * @throws the first fault, after everything else was done
   */
  bringAbout(wanted: ReadonlyMap<string, string>, stale: readonly string[]): Promise<void>;
}

export function createGateMirror(directory: Pick<GateDirectory, 'write' | 'remove'>): GateMirror {
  const written = new Map<string, string>();
  const remove = async (sha256: string) => {
    await directory.remove(sha256);
    written.delete(sha256);
  };
  const write = async (sha256: string, text: string) => {
    try {
      await directory.write(sha256, text);
    } catch (thrown) {
      // The old record may allow what is allowed no longer; without one the token is refused.
      await remove(sha256);
      throw thrown;
    }
    written.set(sha256, text);
  };
  return {
    get size() {
      return written.size;
    },
    has: (sha256) => written.has(sha256),
    reset(found) {
      written.clear();
      for (const [sha256, text] of found) written.set(sha256, text);
    },
    async bringAbout(wanted, stale) {
      const strangers = [...written.keys()].filter((sha256) => !wanted.has(sha256));
      // What is revoked goes first: it needs no space, and it matters most.
      await atOnce([...strangers, ...stale], remove);
      const different = [...wanted].filter(([sha256, text]) => written.get(sha256) !== text);
      await atOnce(different, ([sha256, text]) => write(sha256, text));
    },
  };
}

/** Does the work for all, a few at a time, and only then throws the first fault there was. */
async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const limit = pLimit(FILES_AT_ONCE);
  const outcomes = await Promise.allSettled(items.map((item) => limit(work, item)));
  const fault = outcomes.find((outcome) => outcome.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
}
