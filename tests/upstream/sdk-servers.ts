import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer as OldMcpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

export interface SdkServer {
  readonly origin: string;
  /** Sessions that were opened and not ended. */
  openSessions(): number;
  /** Sessions that were ever opened. */
  allSessions(): number;
  close(): Promise<void>;
}

/** A server of the 2.x library: both eras, no sessions, at /mcp. */
export async function startNewServer(): Promise<SdkServer> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'new', version: '2.0.0' }, { instructions: 'Be kind.' });
    server.registerTool(
      'add',
      {
        title: 'Add',
        description: 'Adds two numbers.',
        inputSchema: z.object({ a: z.number(), b: z.number() }),
        annotations: { readOnlyHint: true },
      },
      ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }] }),
    );
    return server;
  });
  const listener = toNodeHandler(handler);
  const server = http.createServer((request, response) => {
    listener(request as NodeIncomingMessageLike, response).catch(() => response.destroy());
  });
  const origin = await listen(server);
  return {
    origin,
    openSessions: () => 0,
    allSessions: () => 0,
    async close() {
      await handler.close();
      await end(server);
    },
  };
}

/** A server of the 1.x library with sessions at /mcp and HTTP+SSE at /sse. */
export async function startOldServer(kind: 'streamable-http' | 'sse'): Promise<SdkServer> {
  const open = new Map<string, StreamableHTTPServerTransport | SSEServerTransport>();
  let opened = 0;
  const keep = (id: string, transport: StreamableHTTPServerTransport | SSEServerTransport) => {
    opened += 1;
    open.set(id, transport);
    transport.onclose = () => open.delete(id);
  };

  const streamable = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const id = request.headers['mcp-session-id'];
    const known = open.get(String(id));
    if (known instanceof StreamableHTTPServerTransport) {
      await known.handleRequest(request, response);
      return;
    }
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (sessionId) => keep(sessionId, transport),
    });
    await oldServer().connect(transport);
    await transport.handleRequest(request, response);
  };

  const sse = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET' && url.pathname === '/sse') {
      const transport = new SSEServerTransport('/messages', response);
      await oldServer().connect(transport);
      const { onclose } = transport;
      keep(transport.sessionId, transport);
      transport.onclose = () => {
        open.delete(transport.sessionId);
        onclose?.();
      };
      return;
    }
    const known = open.get(url.searchParams.get('sessionId') ?? '');
    if (known instanceof SSEServerTransport) await known.handlePostMessage(request, response);
    else response.writeHead(404).end();
  };

  const handle = kind === 'sse' ? sse : streamable;
  const server = http.createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const origin = await listen(server);
  return {
    origin,
    openSessions: () => open.size,
    allSessions: () => opened,
    close: () => end(server),
  };
}

function oldServer(): OldMcpServer {
  const server = new OldMcpServer({ name: 'old', version: '1.0.0' });
  server.registerTool('greet', { description: 'Greets.' }, () => ({
    content: [{ type: 'text', text: 'hello' }],
  }));
  server.registerPrompt('hello', { description: 'Says hello.' }, () => ({ messages: [] }));
  server.registerResource('readme', 'file:///readme', { mimeType: 'text/plain' }, () => ({
    contents: [],
  }));
  return server;
}

async function listen(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function end(server: http.Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
