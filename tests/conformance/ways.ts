import type { TestGateway } from '../fixtures/gateway.js';
import { startHeaderProxy } from '../fixtures/header-proxy.js';

/** How the suite reaches a server through the gateway. */
export interface Way {
  readonly name: string;
  /** The group of the token that is sent; absent: the server is public. */
  readonly group?: Readonly<Record<string, unknown>>;
}

/** Whom the gate asks for nothing, for a token alone, and for a token whose every message it reads. */
export const ways: readonly Way[] = [
  { name: 'public' },
  { name: 'token', group: { tools: ['*'] } },
  { name: 'policy', group: { tools: ['*'], denyTools: ['no_scenario_calls_this'] } },
];

/** The servers and tokens of one gateway by the way in which they are used. */
export async function openWay(
  gateway: TestGateway,
  { name, group }: Way,
  server: { readonly path: string; readonly url: string },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const path = `${server.path}-${name}`;
  await gateway.register({
    name: path,
    path,
    url: server.url,
    transport: 'streamable-http',
    access: group ? 'authenticated' : 'public',
  });
  if (!group) return { url: `${gateway.url}${path}/mcp`, close: () => Promise.resolve() };
  await create(gateway, '/api/groups', { name: path.slice(1), servers: [path], ...group });
  const token = await create(gateway, '/api/tokens', {
    name: path.slice(1),
    groups: [path.slice(1)],
  });
  // The suite itself sends no token.
  const proxy = await startHeaderProxy(gateway.url, {
    authorization: `Bearer ${String(token.token)}`,
  });
  return { url: `${proxy.url}${path}/mcp`, close: () => proxy.close() };
}

/** The registry's own MCP server, with all rights. */
export async function openOwnServer(
  gateway: TestGateway,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const token = await create(gateway, '/api/tokens', { name: 'mcpgw', scopes: ['admin'] });
  const proxy = await startHeaderProxy(gateway.url, {
    authorization: `Bearer ${String(token.token)}`,
  });
  return { url: `${proxy.url}/mcpgw/mcp`, close: () => proxy.close() };
}

async function create(
  gateway: TestGateway,
  at: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
  if (answer.status !== 201) throw new Error(`${at}: ${await answer.text()}`);
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}
