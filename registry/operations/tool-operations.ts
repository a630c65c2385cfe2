import { z } from 'zod';
import type { CallTokens } from '../access/call-tokens.js';
import type { Discovery, Tool } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import { RegistryError } from '../errors.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import { matchesQuery, pageFields, pageOf } from './page.js';
import { requireReadable } from './server-lookup.js';
import { factsOf } from './server-view.js';
import type { ToolCaller, ToolResult } from './tool-caller.js';
import { createToolTrials, type Caller } from './tool-trial.js';
import { viewTool, type ToolList, type ToolView } from './tool-view.js';
import { validate } from './validate.js';

export const toolQuerySchema = z.strictObject({
  query: z
    .string()
    .trim()
    .max(200)
    .default('')
    .meta({ description: 'Words that name, title, description or server must contain.' }),
  ...pageFields,
});

export const toolCallSchema = z.strictObject({
  arguments: z.record(z.string(), z.unknown()).default({}),
});

interface ToolPage extends ToolList {
  readonly nextCursor?: string;
  readonly total: number;
}

export interface ToolOperations {
  /** The last good list of one server. @throws RegistryError `server-not-found` */
  tools(path: string): ToolList;
  /** The tools of all servers. @throws RegistryError `validation-failed` */
  allTools(query: unknown): ToolPage;
  /**
   * Runs a tool with the rights of the caller, see `callRules`.
   * @throws RegistryError `server-not-found`, `server-disabled`, `forbidden`, `tool-not-found`,
   *   `validation-failed`, and what `ToolTrials.run` throws
   */
  callTool(path: string, tool: string, input: unknown, caller: Caller): Promise<ToolResult>;
}

export function createToolOperations(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly monitor: Pick<UpstreamMonitor, 'discovery'>;
  readonly toolCaller: ToolCaller;
  readonly callTokens: CallTokens;
}): ToolOperations {
  const { store, monitor } = deps;
  const trials = createToolTrials(deps);
  const discoveryOf = (server: Server) => factsOf(server, monitor.discovery(server.path));
  return {
    tools: (path) => {
      const server = requireReadable(store.state().catalog, path);
      const discovery = discoveryOf(server);
      return { tools: toolsOf(server, discovery), fetchedAt: discovery?.toolsFetchedAt ?? null };
    },
    allTools: (input) => {
      const { query, ...place } = validate(toolQuerySchema, input);
      const lists = [...store.state().catalog.servers.values()].map((server) => {
        const discovery = discoveryOf(server);
        return { tools: toolsOf(server, discovery), fetchedAt: discovery?.toolsFetchedAt };
      });
      const found = lists
        .flatMap(({ tools }) => tools.map((tool, index) => ({ tool, key: keyOf(tool, index) })))
        .filter(({ tool }) => matchesQuery(query, textsOf(tool)));
      const { items, ...page } = pageOf(found, ({ key }) => key, place);
      const fetchedAt = oldest(lists.map((list) => list.fetchedAt));
      return { tools: items.map(({ tool }) => tool), fetchedAt, ...page };
    },
    callTool: async (path, tool, input, caller) => {
      const server = requireReadable(store.state().catalog, path);
      const call = validate(toolCallSchema, input);
      requireEnabled(server);
      // Before the tool is looked for: what a caller may not use they need not learn the names of.
      trials.requireAllowed(server, tool, caller.principal);
      const discovery = discoveryOf(server);
      requireTool(server, discovery, tool);
      const transport = transportOf(server, discovery);
      return trials.run({ server, transport, tool, arguments: call.arguments }, caller);
    },
  };
}

function toolsOf(server: Server, discovery: Discovery | undefined): ToolView[] {
  const stale = discovery?.stale !== undefined;
  return (discovery?.tools ?? []).map((tool: Tool) => viewTool(tool, server.path, stale));
}

/** A server may, against the specification, name two tools alike; the position keeps them apart. */
function keyOf(tool: ToolView, position: number): string {
  return `${tool.server}\n${tool.name}\n${position}`;
}

function textsOf({ name, title, description, server }: ToolView) {
  return [name, title, description, server];
}

function oldest(times: readonly (string | undefined)[]): string | null {
  return times.filter((time) => time !== undefined).sort()[0] ?? null;
}

function requireEnabled(server: Server): void {
  if (server.enabled) return;
  throw new RegistryError('server-disabled', `${server.path} is disabled; enable it first.`);
}

function requireTool(server: Server, discovery: Discovery | undefined, tool: string): void {
  if (discovery?.tools.some(({ name }) => name === tool) === true) return;
  throw new RegistryError(
    'tool-not-found',
    `${server.path} has no tool ${JSON.stringify(tool.slice(0, 200))} that the registry knows of; refresh the server if it is new.`,
  );
}

function transportOf(server: Server, discovery: Discovery | undefined) {
  if (discovery !== undefined) return discovery.endpoint.transport;
  return server.transport === 'sse' ? 'sse' : 'streamable-http';
}
