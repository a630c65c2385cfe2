import type { Era, Server, SpokenTransport } from '../server.js';

/** What stands in a text where a token of the gateway belongs. */
export const TOKEN_PLACEHOLDER = 'YOUR_GATEWAY_TOKEN';
/** And where a credential belongs that the gateway passes on and that only its owner knows. */
export const CREDENTIAL_PLACEHOLDER = 'YOUR_CREDENTIAL';

/** A header that a client has to send. */
export interface ClientHeader {
  readonly name: string;
  /** `token`: the gateway's own, as `Bearer ...`; `credential`: what the gateway passes on to the server. */
  readonly carries: 'token' | 'credential';
}

/** A server as clients reach it through the gateway. */
export interface ClientTarget {
  readonly path: string;
  readonly title: string;
  readonly url: string;
  readonly transport: SpokenTransport;
  /** Absent: not known yet. */
  readonly era?: Era;
  readonly headers: readonly ClientHeader[];
}

/**
 * @param found what discovery learned of the server
 * @param publicUrl of the gateway, without a trailing slash
 */
export function clientTarget(
  server: Pick<Server, 'name' | 'transport' | 'access' | 'auth'> & { readonly path: string },
  found: { readonly transport: SpokenTransport; readonly era: Era } | undefined,
  publicUrl: string,
): ClientTarget {
  const { path, name, access, auth } = server;
  const transport = found?.transport ?? (server.transport === 'sse' ? 'sse' : 'streamable-http');
  return {
    path,
    title: name,
    url: `${publicUrl}${path}/${transport === 'sse' ? 'sse' : 'mcp'}`,
    transport,
    ...(found && { era: found.era }),
    headers: [
      ...(access === 'public' ? [] : [{ name: 'Authorization', carries: 'token' } as const]),
      ...(auth.type === 'pass-through'
        ? [{ name: auth.from, carries: 'credential' } as const]
        : []),
    ],
  };
}

/** The value of a header as it stands in a file, with a placeholder for the secret. */
export function placeholderValue({ carries }: ClientHeader): string {
  return carries === 'token' ? `Bearer ${TOKEN_PLACEHOLDER}` : CREDENTIAL_PLACEHOLDER;
}

/** All headers as an object; none when there are none. */
export function headersObject(
  { headers }: ClientTarget,
  valueOf: (header: ClientHeader) => string = placeholderValue,
): { readonly headers?: Readonly<Record<string, string>> } {
  if (headers.length === 0) return {};
  return { headers: Object.fromEntries(headers.map((header) => [header.name, valueOf(header)])) };
}
