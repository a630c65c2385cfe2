import type { Log } from '../log.js';
import type { LogFile, LogFiles } from './log-files.js';

/** Old files that are kept, besides the one that nginx writes to. */
const KEPT_FILES = 8;

export interface LogRotation {
  /**
   * Begins a new file when the current one is full, and removes what is more than there is room for: the oldest first.
   * @param unread how many bytes of a file have not been read yet
   * @returns how many such bytes were removed
   */
  turn(now: Date, unread: (file: LogFile) => number): Promise<number>;
}

/** @param maxBytes of all files; the newest takes a share of it, or what it got while no registry was running */
export function createLogRotation(deps: {
  readonly files: LogFiles;
  readonly maxBytes: number;
  /** Tells nginx. */
  readonly reopen: () => boolean;
  readonly log: Log;
}): LogRotation {
  const { files, maxBytes, reopen, log } = deps;
  const full = maxBytes / (KEPT_FILES + 1);
  // Whether nginx has still to be told of a new file. One that did not run or was not reached is told again.
  let mustTell = false;
  return {
    async turn(now, unread) {
      const before = await files.list();
      const current = before.find(({ aside }) => !aside);
      // A registry that was killed after it had renamed the file has told nobody.
      if (current === undefined && before.length > 0) mustTell = true;
      if (current !== undefined && current.bytes >= full && (await files.setAside(now))) {
        mustTell = true;
      }
      if (mustTell) mustTell = !reopen();
      const aside = (await files.list()).filter((file) => file.aside);
      let lost = 0;
      for (const file of tooMuch(aside, maxBytes - full)) {
        const missed = unread(file);
        if (missed > 0) {
          log.error('a part of the access log is removed before it was read: there is no room', {
            file: file.file,
            bytes: missed,
          });
        }
        lost += missed;
        await files.remove(file);
      }
      return lost;
    },
  };
}

/** @param aside oldest first */
function tooMuch(aside: readonly LogFile[], maxBytes: number): readonly LogFile[] {
  let bytes = 0;
  const kept = aside.toReversed().findIndex((file, index) => {
    bytes += file.bytes;
    return bytes > maxBytes || index >= KEPT_FILES;
  });
  return kept === -1 ? [] : aside.slice(0, aside.length - kept);
}
