import { tallyCall, type Tally } from '../fixtures/call-tally.js';
import { connectV1, connectV2, type ToolClient } from '../fixtures/sdk-clients.js';

/** What the callers did, for as long as they were let. */
export interface Calls {
  /** Of raw calls, all that was answered. */
  readonly told: Tally;
  /** Raw calls without an answer: nginx was killed, and may have counted them or not. */
  unanswered: number;
  /** Of clients of the SDK, by kind: calls that gave a result, and such that did not. */
  readonly sdk: Record<string, { ok: number; failed: number }>;
}

const usual = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  connection: 'close',
};
const message = (method: string, params: object) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

/** Calls of all eras at once until the signal. @param url of the gateway */
export async function keepCalling(url: string, signal: AbortSignal): Promise<Calls> {
  const calls: Calls = { told: {}, unanswered: 0, sdk: {} };
  let nth = 0;
  const tool = () => `tool-${(nth += 1) % 7}`;

  const send = async (server: string, named: string, init: RequestInit) => {
    const answer = await fetch(`${url}${server}/mcp`, init).catch(() => undefined);
    const body = await answer?.arrayBuffer().catch(() => undefined);
    if (answer === undefined || body === undefined) calls.unanswered += 1;
    else tallyCall(calls.told, server, named, answer.status);
    return answer;
  };
  const modern = (server: string) => {
    const name = tool();
    const named = { 'mcp-method': 'tools/call', 'mcp-name': name };
    const headers = { ...usual, 'mcp-protocol-version': '2026-07-28', ...named };
    return send(server, name, { method: 'POST', headers, body: message('tools/call', { name }) });
  };
  const legacy = (server: string, headers = {}) => {
    const name = tool();
    const body = message('tools/call', { name, arguments: { text: 'x' } });
    return send(server, name, { method: 'POST', headers: { ...usual, ...headers }, body });
  };
  const session = async () => {
    const body = message('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
    const opened = await send('/sessions', '', { method: 'POST', headers: usual, body });
    const id = opened?.headers.get('mcp-session-id');
    if (id === null || id === undefined) return;
    const headers = { ...usual, 'mcp-session-id': id };
    await legacy('/sessions', headers);
    // nginx may be killed just now; a session that is left over would look like a leak.
    while ((await send('/sessions', '', { method: 'DELETE', headers })) === undefined);
  };
  const clients = async (kind: string, connect: () => Promise<ToolClient>, name: string) => {
    const count = (calls.sdk[kind] ??= { ok: 0, failed: 0 });
    try {
      const client = await connect();
      // An answer that was lost with its stream would be waited for for a minute.
      const leave = () => void client.close().catch(() => undefined);
      signal.addEventListener('abort', leave);
      try {
        for (let n = 0; n < 5; n += 1) {
          await client.call(name, { text: 'x' });
          count.ok += 1;
        }
      } finally {
        signal.removeEventListener('abort', leave);
        await client.close();
      }
    } catch {
      if (!signal.aborted) count.failed += 1;
    }
  };
  const http = { url: `${url}/both/mcp`, transport: 'streamable-http' } as const;
  const old = { url: `${url}/old/sse`, transport: 'sse' } as const;
  const work: (() => Promise<unknown>)[] = [
    () => modern('/raw'),
    () => legacy('/raw'),
    () => modern('/closed'),
    () => modern('/flaky'),
    () => legacy('/flaky'),
    session,
    () => clients('SDK 1, 2025 session', () => connectV1(http), 'test_simple_text'),
    () => clients('SDK 2, 2026-07-28', () => connectV2(http), 'test_simple_text'),
    () => clients('SDK 1, HTTP+SSE', () => connectV1(old), 'echo'),
  ];
  const keep = async (once: () => Promise<unknown>) => {
    while (!signal.aborted) await once();
  };
  await Promise.all(work.map(keep));
  return calls;
}
