import { isDeepStrictEqual } from 'node:util';
import type { Tool } from './discovery.js';

/** What of a tool a person reviews: all that models and hosts see of it. */
type ToolDefinition = Pick<
  Tool,
  'title' | 'description' | 'inputSchema' | 'outputSchema' | 'annotations'
>;

/** Who found something good, and when (ISO 8601). */
export interface ReviewMark {
  readonly reviewedAt: string;
  readonly reviewedBy: string;
}

interface ReviewedTool extends ReviewMark {
  readonly name: string;
  readonly definition: ToolDefinition;
}

/** The last review of one server, with the definitions that were read, so that later ones can be compared. */
export interface ServerReview extends ReviewMark {
  readonly tools: readonly ReviewedTool[];
}

/** How a tool stands to the last review. */
export type ToolReview =
  | { readonly state: 'new' }
  | ({ readonly state: 'reviewed' } & ReviewMark)
  | ({ readonly state: 'changed'; readonly previous: ToolDefinition } & ReviewMark);

/** Tells of any tool how it stands to the review. */
export function reviewedThrough(review: ServerReview): (tool: Tool) => ToolReview {
  const known = new Map(review.tools.map((tool) => [tool.name, tool]));
  return (tool) => {
    const mark = known.get(tool.name);
    if (mark === undefined) return { state: 'new' };
    const { definition, reviewedAt, reviewedBy } = mark;
    return isDeepStrictEqual(definitionOf(tool), definition)
      ? { state: 'reviewed', reviewedAt, reviewedBy }
      : { state: 'changed', reviewedAt, reviewedBy, previous: definition };
  };
}

/** Names of tools that were reviewed and are no longer there. */
export function removedSince(review: ServerReview, tools: readonly Tool[]): readonly string[] {
  const present = new Set(tools.map(({ name }) => name));
  return review.tools.map(({ name }) => name).filter((name) => !present.has(name));
}

/**
 * The review after somebody has read the definitions of `names`, or all of them: these are taken as they are now, the
 * others stay as they were. A named tool that is gone is forgotten.
 */
export function reviewTools(
  before: ServerReview | undefined,
  tools: readonly Tool[],
  names: readonly string[] | undefined,
  mark: ReviewMark,
): ServerReview {
  const wanted = names === undefined ? undefined : new Set(names);
  const isRead = (name: string) => wanted === undefined || wanted.has(name);
  const kept = (before?.tools ?? []).filter(({ name }) => !isRead(name));
  const read = tools
    .filter(({ name }) => isRead(name))
    .map((tool) => ({ name: tool.name, definition: definitionOf(tool), ...mark }));
  return { ...mark, tools: [...kept, ...read] };
}

function definitionOf(tool: Tool): ToolDefinition {
  const { title, description, inputSchema, outputSchema, annotations } = tool;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    inputSchema,
    ...(outputSchema !== undefined && { outputSchema }),
    ...(annotations !== undefined && { annotations }),
  };
}
