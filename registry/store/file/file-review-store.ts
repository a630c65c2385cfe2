import path from 'node:path';
import { z } from 'zod';
import type { ServerPath } from '../../catalog/server-path.js';
import type { ServerReview } from '../../catalog/tool-review.js';
import { RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { ReviewStore } from '../store.js';
import { describeProblems } from './describe-problems.js';
import { freezeDeeply } from './freeze-deeply.js';
import { createServerFiles } from './server-files.js';

const anything = z.record(z.string(), z.unknown());
const text = z.string().exactOptional();
const mark = { reviewedAt: z.iso.datetime(), reviewedBy: z.string() };

/** The last review of one server, as it is stored. */
const documentSchema = z.strictObject({
  version: z.literal(1),
  ...mark,
  tools: z.array(
    z.strictObject({
      name: z.string(),
      ...mark,
      definition: z.strictObject({
        title: text,
        description: text,
        inputSchema: anything,
        outputSchema: anything.exactOptional(),
        annotations: anything.exactOptional(),
      }),
    }),
  ),
});
type ReviewDocument = ServerReview & { readonly version: 1 };

/**
 * Keeps reviews in `dataDir`/reviews, one file for each server. Unlike a discovery, a review cannot be had again: a file
 * that cannot be read stays as it is until somebody repairs it or takes it away and starts the registry anew.
 */
export function createFileReviewStore({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): ReviewStore {
  const files = createServerFiles(path.join(dataDir, 'reviews'), parseDocument);
  const unreadable = new Map<ServerPath, string>();

  return {
    async load() {
      const { entries, faults } = await files.load();
      unreadable.clear();
      for (const { file, path: serverPath, reason } of faults) {
        log.error('A stored review cannot be read and is left as it is.', { file, reason });
        if (serverPath !== undefined) unreadable.set(serverPath, faultText(file, reason));
      }
      return { reviews: new Map(entries), unreadable: new Map(unreadable) };
    },
    async save(serverPath, review) {
      const fault = unreadable.get(serverPath);
      if (fault !== undefined) throw new RegistryError('store-read-only', fault);
      await files.save(serverPath, { version: 1, ...review });
    },
    async remove(serverPath) {
      if (!unreadable.has(serverPath)) await files.remove(serverPath);
    },
  };
}

function faultText(file: string, reason: string): string {
  return `The reviews of its tools cannot be read: reviews/${path.basename(file)} in the data directory is damaged (${reason}). It is not overwritten; repair it or move it away, and restart the registry.`;
}

function parseDocument(json: unknown): ReviewDocument {
  const parsed = documentSchema.safeParse(json);
  if (parsed.success) return freezeDeeply(parsed.data);
  throw new Error(`it is not a review (${describeProblems(parsed.error)})`);
}
