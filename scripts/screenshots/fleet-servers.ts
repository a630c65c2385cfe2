import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { FleetServer } from './fleet.js';

/** Serves all servers of the fleet at one port of loopback, each below its path. */
export async function startFleet(
  fleet: readonly FleetServer[],
): Promise<{ urlOf(server: FleetServer): string; close(): Promise<void> }> {
  const listeners = new Map(fleet.map((each) => [`${each.path}/mcp`, listenerOf(each)]));
  const http = createServer((req, res) => {
    const listener = listeners.get(req.url?.split('?')[0] ?? '');
    if (listener === undefined) res.writeHead(404).end();
    else listener(req, res);
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    // Port 9 is that of the discard service, which is not there.
    urlOf: ({ path, condition }) =>
      `http://127.0.0.1:${condition === 'absent' ? 9 : port}${path}/mcp`,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function listenerOf(server: FleetServer): RequestListener {
  if (server.condition === 'locked') {
    return (_req, res) => {
      res.writeHead(401, { 'www-authenticate': 'Bearer realm="payroll"' }).end();
    };
  }
  const handle = toNodeHandler(createMcpHandler(() => mcpServerOf(server)));
  return (req, res) => {
    handle(req as NodeIncomingMessageLike, res).catch(() => res.destroy());
  };
}

function mcpServerOf({ name, tools }: FleetServer): McpServer {
  const server = new McpServer({ name: name.toLowerCase(), title: name, version: '2.3.0' });
  for (const tool of tools) {
    const { title, description, input, annotations } = tool;
    server.registerTool(
      tool.name,
      { title, description, inputSchema: z.object(input), ...(annotations && { annotations }) },
      (given) => {
        const answer = answerOf(tool.name, given);
        return {
          content: [{ type: 'text', text: JSON.stringify(answer, undefined, 2) }],
          structuredContent: answer,
        };
      },
    );
  }
  return server;
}

/** Something that looks like an answer of the tool. */
function answerOf(tool: string, given: Readonly<Record<string, unknown>>) {
  if (tool !== 'get_forecast') return { tool, received: given };
  const days = ['Thursday', 'Friday', 'Saturday'].map((day, index) => ({
    day,
    high: 9 - index,
    low: 3 - index,
    rain: [0.1, 0.6, 0.3][index],
    sky: ['clear', 'showers', 'cloudy'][index],
  }));
  return { place: given.place, unit: 'celsius', days };
}
