import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { NginxLayout } from '../nginx/nginx-layout.js';

/** Longer than a worker drains. */
const KEPT_MS = 2 * 24 * 60 * 60 * 1000;

/**
 * A file for each generation that another one has taken over from. Workers of that generation look for it and
 * pass on what still reaches them: a connection that was opened before the reload and is first used after it.
 */
export interface RetiredMarks {
  /** `id` serves again: its own workers must not pass requests on to themselves. */
  clear(id: string): void;
  mark(ids: readonly string[]): void;
  /** Removes marks that no worker can be looking for any more. */
  cleanUp(generations: ReadonlySet<string>): void;
}

export function createRetiredMarks(layout: NginxLayout): RetiredMarks {
  const fileOf = (id: string) => path.join(layout.retired, id);
  return {
    clear: (id) => rmSync(fileOf(id), { force: true }),
    mark(ids) {
      for (const id of ids) closeSync(openSync(fileOf(id), 'w', 0o644));
    },
    cleanUp(generations) {
      for (const id of readdirSync(layout.retired)) {
        const isOld = Date.now() - statSync(fileOf(id)).mtimeMs > KEPT_MS;
        if (isOld && !generations.has(id)) rmSync(fileOf(id));
      }
    },
  };
}
