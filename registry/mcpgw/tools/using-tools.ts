import { z } from 'zod';
import { CLIENT_HOSTS } from '../../catalog/clients/client-hosts.js';
import { toolTarget } from '../../operations/audit/audited.js';
import type { ClientGuides } from '../../operations/servers/client-guides.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { toolSearchQuerySchema, type ToolSearch } from '../../operations/tools/tool-search.js';
import { validate } from '../../operations/validate.js';
import type { GatewayTool } from '../gateway-tool.js';
import { findingsOutput, guideOutput, path } from '../tool-shapes.js';

/** As the REST API takes it, with the word that agents expect. */
const finderInput = z.strictObject({
  query: toolSearchQuerySchema.shape.q,
  limit: toolSearchQuerySchema.shape.limit.unwrap().optional(),
});
const callInput = z.strictObject({
  server: path,
  tool: z.string(),
  arguments: z.unknown().optional(),
});
const guideInput = z.strictObject({ host: z.string(), server: z.string().optional() });

/** A handful is what a model compares; whoever wants more says so. */
const RESULTS = 5;

/** What agents need to use servers that they did not know before. */
export function usingTools({
  servers,
  search,
  clients,
}: {
  readonly servers: Pick<ServerOperations, 'callTool'>;
  readonly search: ToolSearch;
  readonly clients: Pick<ClientGuides, 'guide'>;
}): readonly GatewayTool[] {
  return [
    {
      name: 'intelligent_tool_finder',
      title: 'Find a tool',
      description:
        'Finds tools of all servers that you see by what they should do, with their schemas; call_tool runs them.',
      permission: 'servers:read',
      input: z.strictObject({
        query: z.string().describe('What the tool should do'),
        limit: z.int().optional().describe(`${RESULTS} unless given`),
      }),
      output: findingsOutput,
      annotations: { readOnlyHint: true, openWorldHint: false },
      audit: 'none',
      run: ({ args, principal }) => {
        const { query: q, limit = RESULTS } = validate(finderInput, args);
        return search.search({ q, limit }, principal);
      },
    },
    {
      name: 'call_tool',
      title: 'Run a tool',
      description:
        'Runs a tool of a server through the gateway, with your rights, and answers what it answers; passes on progress.',
      permission: 'tools:call',
      input: z.strictObject({
        server: path,
        tool: callInput.shape.tool,
        arguments: z.looseObject({}).optional().describe("As the tool's inputSchema says"),
      }),
      // What a tool does is not known here.
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
      audit: (args) => ({ action: 'tool.call', target: toolTarget(args.server, args.tool) }),
      pass: ({ args, principal, signal, progress }) => {
        const wanted = validate(callInput, args);
        const input = wanted.arguments === undefined ? {} : { arguments: wanted.arguments };
        const listener = { progress, log: () => undefined };
        const caller = { principal, signal, listener };
        return servers.callTool(wanted.server, wanted.tool, input, caller);
      },
    },
    {
      name: 'get_client_config',
      title: 'Configuration for a client',
      description:
        'What to write where, so that a program uses a server through the gateway; without a token.',
      permission: 'servers:read',
      input: z.strictObject({ host: z.enum(CLIENT_HOSTS.map(({ id }) => id)), server: path }),
      output: guideOutput,
      annotations: { readOnlyHint: true, openWorldHint: false },
      audit: 'none',
      run: ({ args, principal }) => {
        const { host, ...query } = validate(guideInput, args);
        return clients.guide(host, query, principal);
      },
    },
  ];
}
