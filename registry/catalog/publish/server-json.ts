import type { ClientHeader, ClientTarget } from '../clients/client-target.js';
import type { Server } from '../server.js';
import { publishedName } from './published-name.js';

/** A header that whoever connects has to send. */
interface RemoteHeader {
  readonly name: string;
  readonly description: string;
  readonly value?: string;
  readonly variables?: Readonly<Record<string, RemoteInput>>;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
}

interface RemoteInput {
  readonly description: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
}

/**
 * A `server.json` in its version 2025-12-11. It names no `$schema`: VS Code passes over servers that name another version
 * than the one it knows, and takes those that name none.
 */
export interface ServerJson {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly remotes: readonly {
    readonly type: 'streamable-http' | 'sse';
    readonly url: string;
    readonly headers?: RemoteHeader[];
  }[];
}

/** Of a title and of a description. */
const MAX_TEXT = 100;

/**
 * A server as other registries and their clients read it: reached through the gateway, and nothing of what is behind it.
 * @param publicUrl of the gateway, without a trailing slash
 */
export function serverJson(
  server: Pick<Server, 'path' | 'name' | 'description' | 'revision'>,
  { url, transport, headers }: Pick<ClientTarget, 'url' | 'transport' | 'headers'>,
  publicUrl: string,
): ServerJson {
  return {
    name: publishedName(server.path, publicUrl),
    title: cut(server.name),
    description: cut(server.description.replaceAll(/\s+/g, ' ').trim() || server.name),
    version: publishedVersion(server),
    remotes: [
      { type: transport, url, ...(headers.length > 0 && { headers: headers.map(remoteHeader) }) },
    ],
  };
}

/** What is versioned is the entry, not the software behind it, which may change without a word. */
function publishedVersion({ revision }: Pick<Server, 'revision'>): string {
  return `1.0.${revision}`;
}

function remoteHeader({ name, carries }: ClientHeader): RemoteHeader {
  const secret = { isRequired: true, isSecret: true };
  if (carries === 'credential') {
    return {
      name,
      description: 'Your own credential for the server behind the gateway',
      ...secret,
    };
  }
  const token = { description: 'A token of the gateway', ...secret };
  return { name, ...token, value: 'Bearer {token}', variables: { token } };
}

/** By characters as people count them: half of a surrogate pair is no text. */
function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= MAX_TEXT ? text : `${characters.slice(0, MAX_TEXT - 1).join('')}…`;
}
