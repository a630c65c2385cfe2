/** The revision that opens the modern era, and the newest of the legacy one. */
export const MODERN_VERSION = '2026-07-28';
export const LEGACY_VERSION = '2025-11-25';

export const CLIENT_INFO = { name: 'mcp-gateway-registry', version: '1' } as const;

/** What every request of the modern era says of its sender (2026-07-28, basic, `_meta`). */
export const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
  'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
  'io.modelcontextprotocol/clientCapabilities': {},
} as const;

/** Headers that repeat the body (2026-07-28, streamable HTTP). */
export function modernHeaders(method: string): Readonly<Record<string, string>> {
  return { 'mcp-protocol-version': MODERN_VERSION, 'mcp-method': method };
}
