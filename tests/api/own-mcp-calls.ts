import type { Express } from 'express';
import request from 'supertest';
import { readEvents } from '../fixtures/read-events.js';

/** A JSON-RPC message, of which a test reads what it expects. */
interface Message {
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** How a tool failed, as our tools tell it. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** Posts one request of 2025-11-25 and gives all messages of the answer. */
export async function askOwnMcp(
  app: Express,
  token: string | undefined,
  method: string,
  params: object = {},
) {
  const answer = await request(app)
    .post('/mcpgw/mcp')
    .set({
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-11-25',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    })
    .send({ jsonrpc: '2.0', id: 1, method, params });
  const messages =
    answer.type === 'text/event-stream'
      ? readEvents(answer.text).map(({ data }) => data as Message)
      : [answer.body as Message];
  return { status: answer.status, headers: answer.headers, messages, last: messages.at(-1) ?? {} };
}

/** Runs a tool; a failure is read from its text. */
export async function runOwnTool(app: Express, token: string, name: string, args: object = {}) {
  const { last, headers } = await askOwnMcp(app, token, 'tools/call', { name, arguments: args });
  const { result } = last;
  const [block] = (result?.content ?? []) as readonly { readonly text: string }[];
  return {
    isError: result?.isError === true,
    value: (result?.structuredContent ?? {}) as Readonly<Record<string, unknown>>,
    failure: (result?.isError === true ? JSON.parse(block?.text ?? '{}') : {}) as Failure,
    requestId: String(headers['x-request-id']),
    text: block?.text,
  };
}
