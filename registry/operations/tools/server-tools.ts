import { mayCall } from '../../access/policy.js';
import type { Discovery } from '../../catalog/discovery.js';
import { removedSince, reviewedThrough, type ServerReview } from '../../catalog/tool-review.js';
import type { SeenServer } from '../servers/server-lookup.js';
import { viewTool, type ServerTools } from './tool-view.js';

/** The tools of one server that are seen, with what has become of them since the last review. */
export function viewServerTools(
  { server, seen }: SeenServer,
  discovery: Discovery | undefined,
  review: ServerReview | undefined,
): ServerTools {
  const listed = discovery?.tools ?? [];
  const stale = discovery?.stale !== undefined;
  const stateOf = review && reviewedThrough(review);
  const tools = listed
    .filter(({ name }) => mayCall(seen, name))
    .map((tool) => viewTool(tool, server.path, stale, stateOf?.(tool)));
  const removed = review === undefined ? [] : removedSince(review, listed);
  return {
    tools,
    fetchedAt: discovery?.toolsFetchedAt ?? null,
    removedSinceReview: removed.filter((name) => mayCall(seen, name)),
    ...(review && { reviewedAt: review.reviewedAt, reviewedBy: review.reviewedBy }),
    estimatedTokens: tools.reduce((sum, { estimatedTokens }) => sum + estimatedTokens, 0),
  };
}
