import { z } from 'zod';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { summaryOf } from '../../operations/servers/server-summary.js';
import type { SystemOperations } from '../../operations/system/system-operations.js';
import { validate } from '../../operations/validate.js';
import type { GatewayTool } from '../gateway-tool.js';
import {
  healthOutput,
  page,
  path,
  serverOutput,
  serversOutput,
  toolsOutput,
} from '../tool-shapes.js';

const READING = { readOnlyHint: true, openWorldHint: false } as const;

/** A page that a model can take in; whoever wants more says so. */
const SERVERS = 50;
const TOOLS = 20;

const status = z.enum(['all', 'enabled', 'disabled', 'issues']).optional();
const pathInput = z.strictObject({ path });
const healthInput = z.strictObject({ status, ...page });

/** What only looks. All of it is what the caller sees. */
export function readingTools({
  servers,
  system,
}: {
  readonly servers: Pick<ServerOperations, 'list' | 'get' | 'tools' | 'allTools'>;
  readonly system: Pick<SystemOperations, 'gatewayStatus'>;
}): readonly GatewayTool[] {
  return [
    {
      name: 'list_services',
      title: 'List servers',
      description:
        `The MCP servers that you see, by path, with state, health and number of tools; ${SERVERS} on a page unless limit ` +
        'is given.',
      permission: 'servers:read',
      input: z.strictObject({
        query: z.string().optional().describe('Words in name, path, description or tags'),
        status: status.describe('issues: unhealthy or left out by nginx'),
        tag: z.string().optional(),
        ...page,
      }),
      output: serversOutput,
      annotations: READING,
      audit: 'none',
      run: ({ args, principal }) => {
        const found = registered(servers.list({ limit: SERVERS, ...args }, principal));
        return { ...found, servers: found.servers.map(summaryOf) };
      },
    },
    {
      name: 'get_server_details',
      title: 'Show a server',
      description:
        'All that is known of a server: settings, endpoint and protocol found, health, why nginx leaves it out if it does. ' +
        'Secrets are never shown.',
      permission: 'servers:read',
      input: pathInput,
      output: serverOutput,
      annotations: READING,
      audit: 'none',
      run: ({ args, principal }) => servers.get(validate(pathInput, args).path, principal),
    },
    {
      name: 'get_service_tools',
      title: 'List tools',
      description:
        'Tools with their schemas, as last listed: of one server (path), or of all that you see (query, cursor, limit; ' +
        `${TOOLS} on a page). To find one for a task, intelligent_tool_finder is shorter.`,
      permission: 'servers:read',
      input: z.strictObject({ path: path.optional(), query: z.string().optional(), ...page }),
      output: toolsOutput,
      annotations: READING,
      audit: 'none',
      run: ({ args, principal }) =>
        args.path === undefined
          ? servers.allTools({ limit: TOOLS, ...args }, principal)
          : servers.tools(validate(pathInput, args).path, principal),
    },
    {
      name: 'healthcheck',
      title: 'Health of all servers',
      description:
        'What the last checks found of the servers that you see, and the state of nginx.',
      permission: 'servers:read',
      input: healthInput,
      output: healthOutput,
      annotations: READING,
      audit: 'none',
      run: ({ args, principal }) => {
        const found = registered(servers.list(validate(healthInput, args), principal));
        const { state, generation } = system.gatewayStatus();
        return { ...found, servers: found.servers.map(healthOf), gateway: { state, generation } };
      },
    },
  ];
}

/** Whoever asks this server knows of it. */
function registered({ builtIn: _, ...page }: ReturnType<ServerOperations['list']>) {
  return page;
}

function healthOf(server: ReturnType<ServerOperations['get']>) {
  const { path, name, enabled, health, toolCount, toolsFetchedAt, exclusion } = server;
  return {
    path,
    name,
    enabled,
    health,
    toolCount,
    ...(toolsFetchedAt !== undefined && { toolsFetchedAt }),
    ...(exclusion && { exclusion }),
  };
}
