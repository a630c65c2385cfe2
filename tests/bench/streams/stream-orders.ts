import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { StreamServerSetup } from './stream-server-setup.js';

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the client's process can be told to do, and what it answers. Times in milliseconds. */
export interface StreamOrders {
  readonly hold: {
    readonly order: Target & { readonly kind: 'hold'; readonly count: number };
    readonly answer: { readonly refused: number };
  };
  readonly release: {
    readonly order: { readonly kind: 'release' };
    readonly answer: Readonly<Record<string, never>>;
  };
  readonly events: {
    readonly order: Target & { readonly kind: 'events'; readonly count: number };
    readonly answer: { readonly firstMs: number; readonly lateMs: readonly number[] };
  };
  readonly calls: {
    readonly order: Target & {
      readonly kind: 'calls';
      readonly body: string;
      readonly count: number;
      readonly waves: number;
    };
    readonly answer: { readonly timesMs: readonly number[]; readonly failures: number };
  };
}

export type StreamOrder = StreamOrders[keyof StreamOrders]['order'];

export interface StreamClient {
  /** @throws Error with what the client says */
  order<Kind extends keyof StreamOrders>(
    order: StreamOrders[Kind]['order'] & { readonly kind: Kind },
  ): Promise<StreamOrders[Kind]['answer']>;
  stop(): void;
}

export function startStreamClient(): StreamClient {
  const child = fork(fileURLToPath(new URL('./stream-client.ts', import.meta.url)));
  return {
    async order(order) {
      const answered = once(child, 'message');
      child.send(order);
      const [answer] = (await answered) as [{ readonly error?: string }];
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer as never;
    },
    stop: () => void child.kill(),
  };
}

/** Starts the upstream of the streams; resolves when it listens. */
export async function startStreamServer(setup: StreamServerSetup): Promise<() => Promise<void>> {
  const child = fork(fileURLToPath(new URL('./stream-server.ts', import.meta.url)));
  const ready = once(child, 'message');
  child.send(setup);
  await ready;
  return async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
}
