import { z } from 'zod';
import type { CallTokens } from '../../access/call-tokens.js';
import { mayCall } from '../../access/policy.js';
import type { Principal } from '../../access/principal.js';
import type { Discovery, Tool } from '../../catalog/discovery.js';
import type { Server } from '../../catalog/server.js';
import { RegistryError } from '../../errors.js';
import type { Store } from '../../store/store.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { isOwnMcpPath } from '../servers/own-mcp-server.js';
import type { OwnServer } from '../servers/own-server.js';
import { matchesQuery, pageFields, pageOfParts } from '../page.js';
import { requireReadable, seenServers } from '../servers/server-lookup.js';
import { spokenTransport, viewTrial, type TrialView } from '../servers/server-trial.js';
import { factsOf } from '../servers/server-view.js';
import { viewServerTools } from './server-tools.js';
import type { ReviewBook } from './review-book.js';
import type { ToolCaller, ToolResult } from './tool-caller.js';
import { createToolTrials, type Caller } from './tool-trial.js';
import { viewTool, type ServerTools, type ToolList } from './tool-view.js';
import { validate } from '../validate.js';

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

export interface ToolPage extends ToolList {
  readonly nextCursor?: string;
  readonly total: number;
}

/** Of a server that is seen through groups, there are the tools that the groups allow. */
export interface ToolOperations {
  /** The last good list of one server. @throws RegistryError `server-not-found`, also for what is not seen */
  tools(path: string, by: Principal): ServerTools;
  /** The tools of all servers that are seen. @throws RegistryError `validation-failed` */
  allTools(query: unknown, by: Principal): ToolPage;
  /**
   * Runs a tool with the rights of the caller, see `callRules`.
   * @throws RegistryError `server-not-found`, `server-disabled`, `forbidden`, `tool-not-found`,
   *   `validation-failed`, and what `ToolTrials.run` throws
   */
  callTool(path: string, tool: string, input: unknown, caller: Caller): Promise<ToolResult>;
  /**
   * Connects to a server as an agent does, with the rights of the caller; what fails is told by the steps.
   * @throws RegistryError `server-not-found`, and what `ToolTrials.reach` throws
   */
  tryServer(path: string, caller: Caller): Promise<TrialView>;
}

export function createToolOperations(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly monitor: Pick<UpstreamMonitor, 'discovery'>;
  readonly reviews: Pick<ReviewBook, 'get'>;
  readonly toolCaller: ToolCaller;
  readonly callTokens: CallTokens;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly own: OwnServer;
}): ToolOperations {
  const { store, monitor, reviews, publicUrl, own } = deps;
  const trials = createToolTrials(deps);
  const discoveryOf = (server: Server) => factsOf(server, monitor.discovery(server.path));
  return {
    tools: (path, by) => {
      const ours = isOwnMcpPath(path) ? own.tools(by) : undefined;
      if (ours !== undefined) return ours;
      const of = requireReadable(store.state(), path, by.visibility);
      return viewServerTools(of, discoveryOf(of.server), reviews.get(of.server.path));
    },
    allTools: (input, { visibility }) => {
      const { query, ...place } = validate(toolQuerySchema, input);
      const lists = seenServers(store.state(), visibility).map(({ server, seen }) => {
        const discovery = discoveryOf(server);
        const items = (discovery?.tools ?? []).filter(
          (tool) => mayCall(seen, tool.name) && matchesQuery(query, textsOf(tool, server.path)),
        );
        return { key: `${server.path}\n`, items, server, discovery };
      });
      const { items, ...page } = pageOfParts(lists, keyOfTool, place);
      const fetchedAt = oldest(lists.map(({ discovery }) => discovery?.toolsFetchedAt));
      const tools = items.map(({ item, part: { server, discovery } }) =>
        viewTool(item, server.path, discovery?.stale !== undefined),
      );
      return { tools, fetchedAt, ...page };
    },
    callTool: async (path, tool, input, caller) => {
      const { visibility } = caller.principal;
      const { server } = requireReadable(store.state(), path, visibility);
      const call = validate(toolCallSchema, input);
      requireEnabled(server);
      // Before the tool is looked for: what a caller may not use they need not learn the names of.
      trials.requireAllowed(server, tool, caller.principal);
      const discovery = discoveryOf(server);
      requireTool(server, discovery, tool);
      const transport = spokenTransport(server, discovery);
      return trials.run({ server, transport, tool, arguments: call.arguments }, caller);
    },
    tryServer: async (path, caller) => {
      const { server } = requireReadable(store.state(), path, caller.principal.visibility);
      const transport = spokenTransport(server, discoveryOf(server));
      const trial = await trials.reach({ server, transport }, caller);
      return viewTrial(trial, server, transport, publicUrl);
    },
  };
}

/** A server may, against the specification, name two alike: the position keeps them apart. */
function keyOfTool({ name }: Tool, position: number): string {
  return `${name}\n${position}`;
}

function textsOf({ name, title, description }: Tool, server: string) {
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
