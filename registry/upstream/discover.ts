import type { Discovery } from '../catalog/discovery.js';
import type { Era } from '../catalog/server.js';
import { messageOf } from '../errors.js';
import { legacySource, modernSource, type ListSource } from './list-source.js';
import { listPages, type Listing, type ListRequest } from './list-pages.js';
import { cut, readPrompt, readResource, readTool } from './listed-items.js';
import { withMcpClient } from './mcp-client.js';
import type { Fetch } from './outbound-channel.js';
import type { Found } from './probe.js';

/** What a listing adds to the facts of a probe. */
export type Listed = Omit<Discovery, 'of' | 'endpoint' | 'era' | 'stale' | 'toolsFetchedAt'>;

export interface DiscoverOptions {
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

const MAX_SHORT = 256;
const MAX_INSTRUCTIONS = 64 * 1024;

/**
 * Lists what a server offers: only what it advertises, all pages, within limits that `warnings` tell of.
 * @throws when the tools cannot be listed; prompts and resources that cannot are a warning
 */
export async function discoverServer(found: Found, options: DiscoverOptions): Promise<Listed> {
  const { endpoint, era, discover } = found;
  if (era === 'modern') {
    if (discover === undefined) throw new Error('the server refused server/discover');
    return listAll(modernSource(found, options), era);
  }
  const { url, transport } = endpoint;
  const target = { url, transport, prior: { kind: 'legacy' as const }, ...options };
  const how = { signal: options.signal, timeout: options.timeoutMs };
  return withMcpClient(target, (client) => listAll(legacySource(client, how), era));
}

async function listAll(source: ListSource, era: Era): Promise<Listed> {
  const offered = source.capabilities;
  const nothing = { items: [], warnings: [] };
  const tools = offered.tools ? await listPages(source, toolsOf(era)) : nothing;
  const prompts = offered.prompts ? await attempt(listPages(source, PROMPTS)) : nothing;
  const resources = offered.resources ? await attempt(listPages(source, RESOURCES)) : nothing;
  const warnings = [...tools.warnings, ...prompts.warnings, ...resources.warnings];
  return {
    ...introduce(source, warnings),
    capabilities: Object.keys(offered).sort(),
    tools: tools.items,
    prompts: prompts.items,
    resources: resources.items,
    warnings,
  };
}

/** How the list of tools is read. */
export function toolsOf(era: Era) {
  return {
    method: 'tools/list',
    field: 'tools',
    read: (raw) => readTool(raw, era),
    keyOf: (tool) => tool.name,
  } satisfies ListRequest<Discovery['tools'][number]>;
}

const PROMPTS: ListRequest<Discovery['prompts'][number]> = {
  method: 'prompts/list',
  field: 'prompts',
  read: readPrompt,
  keyOf: (prompt) => prompt.name,
};

const RESOURCES: ListRequest<Discovery['resources'][number]> = {
  method: 'resources/list',
  field: 'resources',
  read: readResource,
  keyOf: (resource) => resource.uri,
};

/** Tools are what a server is registered for; the other lists must not cost them. */
async function attempt<T>(listing: Promise<Listing<T>>): Promise<Listing<T>> {
  try {
    return await listing;
  } catch (error) {
    return { items: [], warnings: [`a list could not be read: ${messageOf(error)}`] };
  }
}

function introduce(
  { protocolVersion, serverInfo, instructions }: ListSource,
  warnings: string[],
): Pick<Listed, 'protocolVersion' | 'serverInfo' | 'instructions'> {
  const short = (text: unknown) =>
    typeof text === 'string' ? cut(text, MAX_SHORT, 'the server information', warnings) : '';
  return {
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(serverInfo !== undefined && {
      serverInfo: {
        name: short(serverInfo.name),
        version: short(serverInfo.version),
        ...(serverInfo.title !== undefined && { title: short(serverInfo.title) }),
      },
    }),
    ...(instructions !== undefined && {
      instructions: cut(instructions, MAX_INSTRUCTIONS, 'the instructions', warnings),
    }),
  };
}
