import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  hostHeaderValidation,
  localhostOriginValidation,
  toNodeHandler,
  type NodeIncomingMessageLike,
} from '@modelcontextprotocol/node';
import { createMcpHandler, localhostAllowedHostnames } from '@modelcontextprotocol/server';
import { createTimeServer } from './time-tools.js';

export interface TimeServerOptions {
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Names besides loopback that callers may use for this server, such as its name in a compose file. */
  readonly allowedHosts?: readonly string[];
}

/** Serves the time tools at `/mcp` over Streamable HTTP, to clients of every revision. */
export async function startTimeServer({
  host = '127.0.0.1',
  port = 0,
  allowedHosts = [],
}: TimeServerOptions = {}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const mcp = createMcpHandler(() => createTimeServer());
  const handle = toNodeHandler(mcp);
  const hostAllowed = hostHeaderValidation([...localhostAllowedHostnames(), ...allowedHosts]);
  const originAllowed = localhostOriginValidation();

  const server = createServer((req, res) => {
    if (!hostAllowed(req, res) || !originAllowed(req, res)) return;
    if (req.url?.split('?')[0] === '/mcp') {
      handle(req as NodeIncomingMessageLike, res).catch(() => res.destroy());
      return;
    }
    res.writeHead(404, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ error: 'The MCP endpoint of this server is /mcp.' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      await mcp.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8101' },
      'allow-host': { type: 'string', multiple: true, default: [] },
    },
  });
  const server = await startTimeServer({
    host: values.host,
    port: Number(values.port),
    allowedHosts: values['allow-host'],
  });
  console.log(`The time server listens at ${server.url}`);
  const stop = () => {
    server.close().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
