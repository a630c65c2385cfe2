import type { Client } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { MODERN_META, MODERN_VERSION, modernHeaders } from './mcp-versions.js';
import { exchangeRpc, type ProbeLine } from './probe-request.js';
import type { Found } from './probe.js';

type Json = Readonly<Record<string, unknown>>;

export type ListMethod = 'tools/list' | 'prompts/list' | 'resources/list';

/** Where lists come from. Pages are raw, so that one wrong item does not take its page with it. */
export interface ListSource {
  readonly protocolVersion: string | undefined;
  readonly serverInfo: Json | undefined;
  readonly instructions: string | undefined;
  readonly capabilities: Json;
  page(method: ListMethod, cursor: string | undefined): Promise<Json>;
}

const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** Lists of a server of the old era, through a client that is connected. */
export function legacySource(
  client: Client,
  options: { readonly signal: AbortSignal; readonly timeout: number },
): ListSource {
  return {
    protocolVersion: client.getNegotiatedProtocolVersion(),
    serverInfo: client.getServerVersion(),
    instructions: client.getInstructions(),
    capabilities: client.getServerCapabilities() ?? {},
    page(method, cursor) {
      const params = cursor === undefined ? {} : { cursor };
      return client.request({ method, params }, z.looseObject({}), options);
    },
  };
}

/**
 * Lists of a server of the new era. It keeps no session, so each page is one request; the client would
 * refuse a whole page for one wrong item.
 */
export function modernSource(found: Found, line: ProbeLine): ListSource {
  const { discover = {}, endpoint } = found;
  const meta = asObject(discover._meta);
  return {
    protocolVersion: MODERN_VERSION,
    serverInfo: asObject(meta?.['io.modelcontextprotocol/serverInfo'] ?? discover.serverInfo),
    instructions: typeof discover.instructions === 'string' ? discover.instructions : undefined,
    capabilities: asObject(discover.capabilities) ?? {},
    async page(method, cursor) {
      const params = { _meta: MODERN_META, ...(cursor !== undefined && { cursor }) };
      const headers = modernHeaders(method);
      const request = { method, params, headers };
      const { reply, status } = await exchangeRpc(line, endpoint.url, request, MAX_PAGE_BYTES);
      if (reply?.result !== undefined) return reply.result;
      throw new Error(`${method} was answered with ${reply?.error?.message ?? status}`);
    },
  };
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : undefined;
}
