import { z } from 'zod';
import type { Tool } from '../catalog/discovery.js';

const anyObject = z.record(z.string(), z.unknown()).readonly();

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

export function viewTool(tool: Tool, server: string, stale: boolean): ToolView {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    inputSchema,
    ...(outputSchema !== undefined && { outputSchema }),
    ...(annotations !== undefined && { annotations }),
    server,
    ...(stale && { stale }),
  };
}
