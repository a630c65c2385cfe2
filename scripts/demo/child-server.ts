import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const STOP_DEADLINE_MS = 3_000;

export interface ChildServerOptions {
  /** Said in errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it will answer, with any status, once it is up. */
  readonly url: string;
  readonly deadlineMs?: number;
}

export interface ChildServer {
  /** Resolves when it answers; rejects when it ends before that, or takes too long. */
  readonly ready: Promise<void>;
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts an HTTP server as a child process. */
export function startChildServer(options: ChildServerOptions): ChildServer {
  const { name, command, args, env, url, deadlineMs = 30_000 } = options;
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      resolve();
    };
    child.once('exit', end).once('error', (error) => {
      said += error.message;
      end();
    });
  });

  const becomeReady = async (): Promise<void> => {
    const deadline = Date.now() + deadlineMs;
    while (Date.now() < deadline) {
      if (over) throw new Error(`${name} ended at once: ${said}`);
      if (await answers(url)) return;
      await delay(100);
    }
    throw new Error(`${name} did not answer at ${url} within ${deadlineMs / 1000} s: ${said}`);
  };

  return {
    ready: becomeReady(),
    ended,
    async stop() {
      if (over) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await exit;
      clearTimeout(timer);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const abort = new AbortController();
  try {
    await fetch(url, { signal: abort.signal, redirect: 'manual' });
    return true;
  } catch {
    return false;
  } finally {
    // The answer of an SSE server never ends by itself.
    abort.abort();
  }
}
