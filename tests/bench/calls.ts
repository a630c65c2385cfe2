/** A request that is sent again and again. */
export interface BenchCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

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
    },
  }),
};

/** The same of the years before: the body alone says what is meant. */
export const LEGACY_CALL: BenchCall = {
  headers: { ...usual, 'MCP-Protocol-Version': '2025-11-25' },
  body: toolCall({ _meta: { progressToken: 7 } }),
};

/** The same call by the bearer of a token. */
export function withToken(call: BenchCall, token: string): BenchCall {
  return { ...call, headers: { ...call.headers, Authorization: `Bearer ${token}` } };
}
