import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import { reviewTools, type ServerReview } from '../../catalog/tool-review.js';
import type { Tool } from '../../catalog/discovery.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { requireOwn } from '../servers/ownership.js';
import type { ReviewBook } from './review-book.js';
import { readable } from '../servers/server-lookup.js';
import { viewServerTools } from './server-tools.js';
import { factsOf } from '../servers/server-view.js';
import type { ServerTools } from './tool-view.js';
import { validate, validationError } from '../validate.js';

export const reviewInputSchema = z.strictObject({
  tools: z.array(z.string().max(256)).max(5000).optional().meta({
    description:
      'Names of the tools that were read; all when left out. A name of `removedSinceReview` is forgotten.',
  }),
});

/** Marks of who has read the tools of a server, and when. */
export interface ToolReviews {
  /**
   * Marks the present definitions as reviewed. For those who may change the server.
   * @throws RegistryError `validation-failed`, `server-not-found`, `forbidden`, `store-read-only`, `store-write-failed`
   */
  review(path: string, input: unknown, by: Principal): Promise<ServerTools>;
}

export function createToolReviews(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly monitor: Pick<UpstreamMonitor, 'discovery'>;
  readonly reviews: Pick<ReviewBook, 'change'>;
  readonly clock: () => Date;
  readonly log: Log;
}): ToolReviews {
  const { store, monitor, reviews, clock, log } = deps;
  return {
    review: async (path, input, by) => {
      const of = readable(requireOwn(store.state(), path, by, 'servers:write-any'));
      const { tools: names } = validate(reviewInputSchema, input);
      const discovery = factsOf(of.server, monitor.discovery(of.server.path));
      const tools = discovery?.tools ?? [];
      const mark = { reviewedAt: clock().toISOString(), reviewedBy: by.username };
      const review = await reviews.change(of.server.path, (before) => {
        requireKnown(names, tools, before);
        return reviewTools(before, tools, names, mark);
      });
      log.info('Tools reviewed.', { path: of.server.path, by: by.username, tools: names ?? 'all' });
      return viewServerTools(of, discovery, review);
    },
  };
}

function requireKnown(
  names: readonly string[] | undefined,
  tools: readonly Tool[],
  before: ServerReview | undefined,
): void {
  const known = new Set([...tools, ...(before?.tools ?? [])].map(({ name }) => name));
  const problems = (names ?? []).flatMap((name, index) =>
    known.has(name)
      ? []
      : [
          {
            field: `tools.${index}`,
            message: `${JSON.stringify(name)} is no tool of this server; read the list again`,
          },
        ],
  );
  if (problems.length > 0) throw validationError(problems);
}
