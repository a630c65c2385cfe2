import { z } from 'zod';

/**
 * What our tools take and give, as short as it can be told: agents pay for every character of a list of tools in every
 * conversation. Inputs are judged by the operations, whose schemas say more, and answers hold what the REST API answers
 * (OpenAPI shows both).
 */

export const path = z.string().describe('e.g. /weather');

export const page = { cursor: z.string().optional(), limit: z.int().optional() };

const pageOutput = { nextCursor: z.string().optional(), total: z.int() };

const anyObject = z.looseObject({});

/** What nginx made of a change. */
const gateway = z.looseObject({ state: z.string() });

const serverFields = { path: z.string(), enabled: z.boolean(), publicUrl: z.string() };

export const serverOutput = z.looseObject({
  ...serverFields,
  url: z.string(),
  revision: z.int(),
  health: anyObject,
});

export const serversOutput = z.looseObject({
  servers: z.array(z.looseObject({ ...serverFields, name: z.string(), toolCount: z.int() })),
  ...pageOutput,
});

export const changeOutput = z.looseObject({ ...serverFields, revision: z.int(), gateway });

export const refreshOutput = z.looseObject({
  path: z.string(),
  health: anyObject,
  changes: anyObject,
  gateway,
});

export const removalOutput = z.looseObject({ path: z.string(), gateway });

const tool = z.looseObject({ name: z.string(), server: z.string(), inputSchema: anyObject });

export const toolsOutput = z.looseObject({
  tools: z.array(tool),
  nextCursor: z.string().optional(),
});

export const findingsOutput = z.looseObject({
  mode: z.string(),
  modeReason: z.string().optional(),
  results: z.array(z.looseObject({ tool, score: z.number(), reasons: z.array(z.string()) })),
});

export const healthOutput = z.looseObject({
  servers: z.array(z.looseObject({ path: z.string(), enabled: z.boolean(), health: anyObject })),
  ...pageOutput,
  gateway: anyObject,
});

export const guideOutput = z.looseObject({
  text: z.string(),
  file: z.string().optional(),
  placeholder: z.string().optional().describe('Stands in text for the token'),
  notes: z.array(z.string()),
});

export const registration = z.strictObject({
  name: z.string(),
  path: z.string().describe('Public prefix: 1-3 lower-case segments, e.g. /team/weather'),
  url: z.string().describe('MCP endpoint, or base URL to be probed'),
  description: z.string().optional(),
  repository: z.string().optional(),
  tags: z.array(z.string()).optional(),
  transport: z.enum(['auto', 'streamable-http', 'sse']).optional(),
  enabled: z.boolean().optional().describe('Serve it; false unless given'),
  access: z.enum(['authenticated', 'public']).optional().describe('public: without a token'),
  timeoutSeconds: z.int().optional(),
  maxBodyBytes: z.int().optional(),
  hostHeader: z.string().optional(),
  tls: anyObject.optional(),
  limits: anyObject.optional(),
  auth: anyObject.optional().describe('How the gateway proves itself to the server'),
});
