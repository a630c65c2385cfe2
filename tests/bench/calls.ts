/** A request that is sent again and again. */
export interface BenchCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Header by which the bench's upstream is asked for a session. */
export const SESSION_WANTED = 'X-Bench-Session';
/** Header by which the bench's upstream is asked for a result of 100 kB. */
export const LARGE_WANTED = 'X-Bench-Large';

const NAME = 'search_documents';
const ARGUMENTS = {
  query: 'how do I renew the certificate of the staging cluster',
  limit: 10,
  filters: { language: 'en', space: 'operations', archived: false },
};
const MODERN = '2026-07-28';
const usual = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
};

function toolCall(extra: object): string {
  const params = { name: NAME, arguments: ARGUMENTS, ...extra };
  return JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
}

/** A `tools/call` of 2026-07-28: the headers say what the body says. */
export const MODERN_CALL: BenchCall = {
  headers: {
    ...usual,
    'MCP-Protocol-Version': MODERN,
    'Mcp-Method': 'tools/call',
    'Mcp-Name': NAME,
  },
  body: toolCall({
    _meta: {
      'io.modelcontextprotocol/protocolVersion': MODERN,
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  }),
};

/** The same of the years before: the body alone says what is meant. */
export const LEGACY_CALL: BenchCall = {
  headers: { ...usual, 'MCP-Protocol-Version': '2025-11-25' },
  body: toolCall({ _meta: { progressToken: 7 } }),
};

/** Asks a session of the bench's upstream; it gives none unless it is asked (plain-nginx.ts). */
const OPEN_SESSION: BenchCall = {
  headers: { ...usual, [SESSION_WANTED]: '1' },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    },
  }),
};

/** Asks for the list of tools, which is filtered for callers with limited ones. */
export const LIST_CALL: BenchCall = {
  headers: { ...usual, 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'tools/list' },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/list',
    params: { _meta: { 'io.modelcontextprotocol/protocolVersion': MODERN } },
  }),
};

/** The same call, whose result has 100 kB. */
export function withLargeResult(call: BenchCall): BenchCall {
  return { ...call, headers: { ...call.headers, [LARGE_WANTED]: '1' } };
}

/** The same call by the bearer of a token. */
export function withToken(call: BenchCall, token: string): BenchCall {
  return { ...call, headers: { ...call.headers, Authorization: `Bearer ${token}` } };
}

/** The same call within a session that is opened for it. @param url where it is going to be sent */
export async function withSession(call: BenchCall, url: string): Promise<BenchCall> {
  const { Authorization } = call.headers;
  const headers = {
    ...OPEN_SESSION.headers,
    ...(Authorization !== undefined && { Authorization }),
  };
  const answer = await fetch(url, { method: 'POST', headers, body: OPEN_SESSION.body });
  const session = answer.headers.get('mcp-session-id');
  await answer.arrayBuffer();
  if (session === null) throw new Error(`${url} opened no session: ${answer.status}`);
  return { ...call, headers: { ...call.headers, 'Mcp-Session-Id': session } };
}
