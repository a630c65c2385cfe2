import { z } from 'zod';
import type { Tool } from '../../catalog/discovery.js';
import {
  estimateTokens,
  findToolWarnings,
  TOOL_WARNING_CODES,
} from '../../catalog/tool-findings.js';
import type { ToolReview } from '../../catalog/tool-review.js';

const anyObject = z.record(z.string(), z.unknown()).readonly();

const warningSchema = z.strictObject({
  code: z.enum(TOOL_WARNING_CODES),
  message: z.string(),
});

const reviewSchema = z
  .strictObject({
    state: z.enum(['new', 'changed', 'reviewed']),
    reviewedAt: z.string().optional(),
    reviewedBy: z.string().optional(),
    previous: z
      .strictObject({
        title: z.string().optional(),
        description: z.string().optional(),
        inputSchema: anyObject,
        outputSchema: anyObject.optional(),
        annotations: anyObject.optional(),
      })
      .optional()
      .meta({ description: 'Of a tool that has changed: how it was when it was reviewed.' }),
  })
  .meta({
    description:
      'How it stands to the last review; absent while there was none, and in lists of several servers.',
  });

/** A tool as its server describes it. All text is the server's and must be shown as text. */
export const toolViewSchema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: anyObject,
  outputSchema: anyObject.optional(),
  annotations: anyObject.optional(),
  server: z.string().meta({ description: 'Path of the server that offers it.' }),
  stale: z
    .boolean()
    .optional()
    .meta({ description: 'true when the list could not be renewed the last time.' }),
  estimatedTokens: z.int().meta({
    description:
      'About how many tokens it costs in a prompt: the characters of name, description and input schema, divided by 4.',
  }),
  warnings: z.array(warningSchema).readonly(),
  review: reviewSchema.optional(),
});
export type ToolView = z.output<typeof toolViewSchema>;

export const toolListSchema = z.strictObject({
  tools: z.array(toolViewSchema).readonly(),
  fetchedAt: z
    .string()
    .nullable()
    .meta({ description: 'When the (oldest) list was fetched; null before the first time.' }),
});
export type ToolList = Readonly<z.output<typeof toolListSchema>>;

/** The tools of one server, and what has become of them since they were reviewed. */
export const serverToolsSchema = z.strictObject({
  ...toolListSchema.shape,
  removedSinceReview: z
    .array(z.string())
    .readonly()
    .meta({ description: 'Names of tools that were reviewed and are no longer there.' }),
  reviewedAt: z.string().optional().meta({ description: 'Of the last review.' }),
  reviewedBy: z.string().optional(),
  estimatedTokens: z.int().meta({ description: 'Of all these tools together.' }),
});
export type ServerTools = Readonly<z.output<typeof serverToolsSchema>>;

export function viewTool(
  tool: Tool,
  server: string,
  stale: boolean,
  review?: ToolReview,
): ToolView {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const told = {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    inputSchema,
  };
  return {
    ...told,
    ...(outputSchema !== undefined && { outputSchema }),
    ...(annotations !== undefined && { annotations }),
    server,
    ...(stale && { stale }),
    estimatedTokens: estimateTokens(told),
    warnings: findToolWarnings(told),
    ...(review && { review }),
  };
}
