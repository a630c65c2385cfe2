import { z } from 'zod';
import type { Discovery } from '../../catalog/discovery.js';

/** Whatever a server says there: JSON Schema, annotations and metadata are kept whole. */
const anything = z.record(z.string(), z.unknown());
const text = z.string().exactOptional();

const tool = z.object({
  name: z.string(),
  title: text,
  description: text,
  inputSchema: anything,
  outputSchema: anything.exactOptional(),
  annotations: anything.exactOptional(),
  _meta: anything.exactOptional(),
});

const prompt = z.object({
  name: z.string(),
  title: text,
  description: text,
  arguments: z.array(anything).exactOptional(),
});

const resource = z.object({
  uri: z.string(),
  name: z.string(),
  title: text,
  description: text,
  mimeType: text,
});

/** What discovery learned of one server, as it is stored. */
export const discoverySchema: z.ZodType<Discovery> = z.object({
  of: z.string(),
  endpoint: z.object({
    url: z.string(),
    transport: z.enum(['streamable-http', 'sse']),
    message: z.object({ kind: z.enum(['exact', 'below']), path: z.string() }).exactOptional(),
  }),
  era: z.enum(['legacy', 'modern']),
  protocolVersion: text,
  serverInfo: z.object({ name: z.string(), version: z.string(), title: text }).exactOptional(),
  instructions: text,
  capabilities: z.array(z.string()),
  tools: z.array(tool),
  prompts: z.array(prompt),
  resources: z.array(resource),
  toolsFetchedAt: text,
  stale: text,
  warnings: z.array(z.string()),
});
