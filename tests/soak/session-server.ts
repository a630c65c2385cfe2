import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { listen } from '../fixtures/listen.js';
import { answerMessage, type JsonRpcMessage } from '../fixtures/small-mcp.js';

/** An MCP server of 2025-11-25 that gives sessions, and tells how many of them nobody has closed. */
export interface SessionServer {
  readonly url: string;
  openSessions(): number;
  close(): Promise<void>;
}

export async function startSessionServer(): Promise<SessionServer> {
  const sessions = new Set<string>();
  const listening = await listen((req, res) => {
    const given = String(req.headers['mcp-session-id'] ?? '');
    const serve = async () => {
      const body = await text(req);
      const message = (body === '' ? {} : JSON.parse(body)) as JsonRpcMessage;
      const opens = message.method === 'initialize';
      if (!opens && !sessions.has(given)) return void res.writeHead(404).end();
      if (req.method === 'DELETE') {
        sessions.delete(given);
        return void res.writeHead(204).end();
      }
      if (req.method !== 'POST') return void res.writeHead(405).end();
      const id = opens ? randomUUID() : given;
      sessions.add(id);
      const answer = answerMessage(message);
      res.writeHead(answer === undefined ? 202 : 200, {
        'content-type': 'application/json',
        'mcp-session-id': id,
      });
      res.end(answer && JSON.stringify(answer));
    };
    serve().catch(() => res.destroy());
  });
  return {
    url: `${listening.url}/mcp`,
    openSessions: () => sessions.size,
    close: () => listening.close(),
  };
}
