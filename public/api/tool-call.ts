import { send, serverUrl } from './http';
import { problemOf } from './problem';
import { createSseReader, type SseEvent } from './sse-events';

/** MCP `CallToolResult`; nothing in it can be taken for granted. */
export type ToolResult = Readonly<Record<string, unknown>>;

export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

export interface LogLine {
  readonly level: string;
  readonly data: unknown;
  readonly logger?: string;
}

export interface CallListener {
  readonly progress: (progress: Progress) => void;
  readonly log: (line: LogLine) => void;
}

/**
 * Runs a tool through the gateway and tells what happens meanwhile. Whoever aborts the signal cancels the call.
 * @throws Problem, AbortError
 */
export async function callTool(
  call: {
    readonly path: string;
    readonly tool: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly signal: AbortSignal;
  },
  on: CallListener,
): Promise<ToolResult> {
  const answer = await send(
    'POST',
    serverUrl(call.path, 'tools', call.tool, 'call'),
    { body: { arguments: call.arguments }, signal: call.signal },
    'text/event-stream',
  );
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (!isStream || answer.body === null) return (await answer.json()) as ToolResult;
  for await (const { event, data } of eventsOf(answer.body)) {
    if (event === 'progress') on.progress(JSON.parse(data) as Progress);
    if (event === 'log') on.log(JSON.parse(data) as LogLine);
    if (event === 'result') return JSON.parse(data) as ToolResult;
    if (event === 'problem') throw await problemIn(data);
  }
  throw new Error('The answer ended before there was a result.');
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<SseEvent> {
  const read = createSseReader();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      yield* read(decoder.decode(piece.value, { stream: true }));
    }
  } finally {
    await reader.cancel();
  }
}

/** A problem that came when the answer had already begun with 200. */
async function problemIn(data: string) {
  const { status } = JSON.parse(data) as { readonly status?: number };
  const isStatus = status !== undefined && status >= 400 && status <= 599;
  return problemOf(new Response(data, { status: isStatus ? status : 502 }));
}
