import { fileURLToPath } from 'node:url';
import { LEGACY_CALL, MODERN_CALL, type BenchCall } from '../calls.js';

/** A gateway of others, as its package is started in front of one MCP server. */
export interface Peer {
  readonly title: string;
  /** Package and version, as npm takes them. */
  readonly install: string;
  /** The program in that package. */
  readonly program: string;
  readonly args: (port: number, folder: string) => readonly string[];
  /** Written into its folder before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where calls go. */
  readonly path: string;
  readonly call: BenchCall;
  /** Whether the call is one of a session. */
  readonly inSession?: true;
}

const SERVER = fileURLToPath(new URL('./stdio-server.js', import.meta.url));
const { params } = JSON.parse(LEGACY_CALL.body) as {
  params: { name: string; arguments: Record<string, unknown> };
};

/** Known to take calls over HTTP and to run on Node 20. Each passes them on to a server of its own over stdio. */
export const PEERS: readonly Peer[] = [
  {
    title: 'mcp-proxy 6.7, 2026',
    install: 'mcp-proxy@6.7.19',
    program: 'mcp-proxy/dist/bin/mcp-proxy.mjs',
    args: proxyArgs,
    path: '/mcp',
    call: MODERN_CALL,
  },
  {
    title: 'mcp-proxy 6.7, 2025 session',
    install: 'mcp-proxy@6.7.19',
    program: 'mcp-proxy/dist/bin/mcp-proxy.mjs',
    args: proxyArgs,
    path: '/mcp',
    call: LEGACY_CALL,
    inSession: true,
  },
  {
    title: 'supergateway 4.0, 2025 session',
    install: 'supergateway@4.0.0',
    program: 'supergateway/dist/index.js',
    args: (port) => [
      ...['--stdio', `"${process.execPath}" "${SERVER}"`, '--port', String(port)],
      ...['--outputTransport', 'streamableHttp', '--stateful', '--logLevel', 'none'],
    ],
    path: '/mcp',
    call: LEGACY_CALL,
    inSession: true,
  },
  {
    // Over MCP it answers on a stream that is opened before; its own REST call is the quicker way.
    title: 'mcp-hub 4.2, REST',
    install: 'mcp-hub@4.2.1',
    program: 'mcp-hub/dist/cli.js',
    args: (port, folder) => ['--port', String(port), '--config', `${folder}/servers.json`],
    files: {
      'servers.json': JSON.stringify({
        mcpServers: { bench: { command: process.execPath, args: [SERVER] } },
      }),
    },
    path: '/api/servers/tools',
    call: {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        server_name: 'bench',
        tool: params.name,
        arguments: params.arguments,
      }),
    },
  },
];

function proxyArgs(port: number): readonly string[] {
  const own = ['--host', '127.0.0.1', '--port', String(port), '--server', 'stream'];
  return [...own, '--no-eventStore', '--', process.execPath, SERVER];
}
