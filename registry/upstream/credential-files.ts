import type { Server } from '../catalog/server.js';
import { credentialFileName } from '../catalog/credential-file-name.js';
import { hasSecrets, type Auth } from '../catalog/server-auth.js';
import type { ServerPath } from '../catalog/server-path.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { CredentialFolder } from './credential-folder.js';
import type { CredentialHeaders, UpstreamCredentials } from './credentials.js';
import type { OAuthTokens } from './oauth-token.js';

/**
 * What nginx sends to upstreams: one file for each enabled server with a secret, `<name in lower case>: <value>` on
 * each line, read by nginx for each call, so that a renewed token needs no reload. There is no file while a
 * credential cannot be read or had.
 */
export interface CredentialFiles {
  /** Claims the folder and brings it in line. @throws Error when the folder cannot be used */
  start(servers: ReadonlyMap<ServerPath, Server>): void;
  /** Brings the folder in line with these servers before it returns; nothing else is left in it. */
  sync(servers: ReadonlyMap<ServerPath, Server>): void;
  stop(): void;
}

/** Somebody may have emptied memory behind our back: systemd does when a user logs out (RemoveIPC=). */
const REPAIR_MS = 10_000;

export function createCredentialFiles(deps: {
  readonly folder: CredentialFolder;
  readonly credentials: Pick<UpstreamCredentials, 'atHand'>;
  readonly tokens: Pick<OAuthTokens, 'keep' | 'subscribe'>;
  readonly log: Log;
}): CredentialFiles {
  const { folder, credentials, tokens, log } = deps;
  let isOpen = false;
  /** What was written, by name. */
  let written: ReadonlyMap<string, string> = new Map();
  /** What was made of credentials that nothing but another credential changes: opening thousands of secrets takes long. */
  const made = new WeakMap<Auth, string>();
  let wanted: readonly Server[] = [];
  let fault = '';
  let repairs: NodeJS.Timeout | undefined;

  const textOf = (server: Server): string | undefined => {
    const { auth } = server;
    const known = made.get(auth);
    if (known !== undefined) return known;
    const headers = credentials.atHand(server);
    if (headers === undefined) return undefined;
    const text = linesOf(headers);
    if (auth.type !== 'oauth-client-credentials') made.set(auth, text);
    return text;
  };

  const bringAbout = () => {
    if (!isOpen) return;
    const texts = textsOf(wanted, textOf);
    try {
      folder.claim();
      const present = new Set(folder.names());
      for (const name of present) if (!texts.has(name)) folder.remove(name);
      for (const [name, text] of texts) {
        if (!present.has(name) || written.get(name) !== text) folder.write(name, text);
      }
      written = texts;
      fault = '';
    } catch (thrown) {
      // Nothing is believed to be there: the next round tries everything again.
      written = new Map();
      // Lasting faults are told once.
      if (fault === messageOf(thrown)) return;
      fault = messageOf(thrown);
      log.error('Credentials for upstreams could not be handed to nginx.', { error: fault });
    }
  };

  const sync = (servers: ReadonlyMap<ServerPath, Server>) => {
    wanted = [...servers.values()].filter(({ enabled, auth }) => enabled && hasSecrets(auth));
    bringAbout();
    tokens.keep(
      wanted.flatMap(({ auth }) => (auth.type === 'oauth-client-credentials' ? [auth] : [])),
    );
  };

  const leave = tokens.subscribe(bringAbout);
  return {
    start(servers) {
      folder.claim();
      isOpen = true;
      sync(servers);
      repairs = setInterval(bringAbout, REPAIR_MS);
      repairs.unref();
    },
    sync: (servers) => {
      if (isOpen) sync(servers);
    },
    stop() {
      isOpen = false;
      clearInterval(repairs);
      leave();
    },
  };
}

function textsOf(
  servers: readonly Server[],
  textOf: (server: Server) => string | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    servers.flatMap((server) => {
      const text = textOf(server);
      return text === undefined ? [] : [[credentialFileName(server.path), text] as const];
    }),
  );
}

/** Values are of one line: what is taken from operators is checked, and tokens of OAuth are by RFC 6749. */
function linesOf(headers: CredentialHeaders): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}
