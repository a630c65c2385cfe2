import { variableName } from './client-name.js';
import { placeholderValue, type ClientTarget } from './client-target.js';

/** A command that a host starts, and what it gets as its environment. */
export interface BridgeCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1)$/;

/**
 * mcp-remote (https://npmjs.com/package/mcp-remote), for hosts that can only start programs. Header values come from the
 * environment: some hosts cut arguments at blanks, and arguments are seen by everybody on the machine.
 */
export function remoteBridge(target: ClientTarget): BridgeCommand {
  const { path, url, transport, headers } = target;
  const { protocol, hostname } = new URL(url);
  const needsLeave = protocol === 'http:' && !LOOPBACK.test(hostname);
  const env = headers.map((header) => [variableName(path, header), placeholderValue(header)]);
  return {
    command: 'npx',
    args: [
      '-y',
      'mcp-remote',
      url,
      '--transport',
      transport === 'sse' ? 'sse-only' : 'http-only',
      ...(needsLeave ? ['--allow-http'] : []),
      ...headers.flatMap((header) => [
        '--header',
        `${header.name}:\${${variableName(path, header)}}`,
      ]),
    ],
    ...(env.length > 0 && { env: Object.fromEntries(env) as Record<string, string> }),
  };
}
