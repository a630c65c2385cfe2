import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eventually } from '../fixtures/eventually.js';

export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };
export type LiveEvent = Frame & { readonly path?: string };

/** A client that keeps what it was told. */
export interface LiveClient {
  readonly socket: WebSocket;
  readonly frames: readonly Frame[];
  /** Of all frames of changes. */
  events(): readonly LiveEvent[];
  /** The newest cursor. */
  cursor(): string;
  /** Waits for a frame, of those that are there too. */
  frame(type: string): Promise<Frame>;
  event(matches: (event: LiveEvent) => boolean): Promise<LiveEvent>;
  /** Waits for the end. */
  closed(): Promise<number>;
  close(): Promise<void>;
}

export function connectLive(
  url: string,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly after?: string } = {},
): LiveClient {
  const { headers = {}, after } = options;
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws${query}`, { headers });
  const frames: Frame[] = [];
  let code: number | undefined;
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame));
  socket.on('close', (closed) => (code = closed));
  // Told by `closed`.
  socket.on('error', () => undefined);
  const events = () =>
    frames.flatMap((frame) => (frame.type === 'changes' ? (frame.events as LiveEvent[]) : []));
  return {
    socket,
    frames,
    events,
    cursor: () => frames.findLast((frame) => frame.cursor !== undefined)?.cursor as string,
    frame: (type) => found(() => frames.find((frame) => frame.type === type)),
    event: (matches) => found(() => events().find(matches)),
    closed: () => found(() => code),
    close: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const gone = once(socket, 'close');
      socket.close();
      await gone;
    },
  };
}

async function found<T>(look: () => T | undefined): Promise<T> {
  return (await eventually(look, (result) => result !== undefined)) as T;
}
