import { fileURLToPath } from 'node:url';
import { startChildServer, type ChildServer } from '../../scripts/demo/child-server.js';
import { freePort } from '../fixtures/free-port.js';

export interface Programs {
  readonly python1: string;
  readonly python2: string;
  readonly go: string;
}

export interface CompatServer {
  readonly name: string;
  /** Its path on the gateway. */
  readonly path: string;
  /** What an operator would register: the base URL, without the endpoint. */
  readonly baseUrl: string;
  /** The endpoint itself, for a client that goes there directly. */
  readonly endpoint: string;
  readonly transport: 'streamable-http' | 'sse';
  readonly process: ChildServer;
}

interface Kind {
  readonly name: string;
  readonly path: string;
  readonly transport: CompatServer['transport'];
  readonly base?: string;
  readonly endpoint: string;
  command(programs: Programs, port: number): readonly [string, ...string[]];
}

const script = (name: string) => fileURLToPath(new URL(`./python/${name}`, import.meta.url));
const python =
  (line: 1 | 2, kind: string): Kind['command'] =>
  (programs, port) => [
    line === 1 ? programs.python1 : programs.python2,
    script(`server_${line}.py`),
    kind,
    String(port),
  ];
const go =
  (...flags: string[]): Kind['command'] =>
  (programs, port) => [programs.go, '-addr', `127.0.0.1:${port}`, ...flags];
const http = { transport: 'streamable-http', endpoint: '/mcp' } as const;
const sse = { transport: 'sse', endpoint: '/sse' } as const;

const kinds: readonly Kind[] = [
  { name: 'Python SDK 1, http', path: '/py1', ...http, command: python(1, 'http') },
  {
    // POST /mcp is answered with 307 to /mcp/.
    ...{ name: 'Python SDK 1, http, mounted', path: '/py1-mounted', ...http, endpoint: '/mcp/' },
    command: python(1, 'http-mounted'),
  },
  // Its frames end with CRLF.
  { name: 'Python SDK 1, sse', path: '/py1-sse', ...sse, command: python(1, 'sse') },
  {
    ...{ name: 'Python SDK 1, sse, mounted', path: '/py1-sse-mounted', ...sse, base: '/tools' },
    command: python(1, 'sse-mounted'),
  },
  { name: 'Python SDK 2, http', path: '/py2', ...http, command: python(2, 'http') },
  { name: 'Python SDK 2, sse', path: '/py2-sse', ...sse, command: python(2, 'sse') },
  { name: 'Go SDK, http', path: '/go', ...http, command: go() },
  { name: 'Go SDK, http, stateless', path: '/go-stateless', ...http, command: go('-stateless') },
  // Its message endpoint is the SSE endpoint itself, with a query.
  { name: 'Go SDK, sse', path: '/go-sse', ...sse, base: '/sse', endpoint: '', command: go() },
];

/** Starts every server; their processes are listed even when one of them does not come up. */
export async function startCompatServers(programs: Programs): Promise<readonly CompatServer[]> {
  const servers: CompatServer[] = [];
  for (const kind of kinds) {
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}${kind.base ?? ''}`;
    const endpoint = baseUrl + kind.endpoint;
    const [command, ...args] = kind.command(programs, port);
    const child = startChildServer({
      name: kind.name,
      command,
      args,
      env: { PATH: process.env.PATH },
      url: endpoint,
    });
    servers.push({
      name: kind.name,
      path: kind.path,
      baseUrl,
      endpoint,
      transport: kind.transport,
      process: child,
    });
  }
  return servers;
}
