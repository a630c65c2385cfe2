import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchCall } from './calls.js';

const CALL = fileURLToPath(new URL('./call.lua', import.meta.url));
const CALL_NUMBERED = fileURLToPath(new URL('./call-numbered.lua', import.meta.url));
const CALL_BY_MANY = fileURLToPath(new URL('./call-by-many.lua', import.meta.url));

/** What wrk saw. Latencies in microseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: Readonly<Record<'connect' | 'read' | 'write' | 'status' | 'timeout', number>>;
}

export interface Load {
  readonly url: string;
  readonly call: BenchCall;
  /** Has a token in each line; the calls carry them in turn. */
  readonly tokensFile?: string;
  /** Each call has an id of its own. */
  readonly numbered?: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** A connection for each call. */
  readonly fresh?: boolean;
  /** Between the calls of a connection. */
  readonly pauseMs?: number;
}

/** Calls a tool again and again. @throws Error when wrk is missing or fails */
export async function runLoad(load: Load): Promise<LoadResult> {
  const { url, call, tokensFile, connections, seconds, fresh = false, pauseMs } = load;
  const headers = Object.entries(call.headers).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  const script =
    load.numbered === true ? CALL_NUMBERED : tokensFile === undefined ? CALL : CALL_BY_MANY;
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '5s', '-s', script];
  const own = [call.body, fresh ? 'close' : 'keep', String(pauseMs ?? ''), tokensFile ?? ''];
  const output = await run([...options, ...headers, url, '--', ...own]);
  const line = /^RESULT (.*)$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk said nothing of use: ${output}`);
  return JSON.parse(line) as LoadResult;
}

/** Says what to do when the load generator is missing. */
export async function requireWrk(): Promise<void> {
  try {
    await run(['-v']);
  } catch (cause) {
    throw new Error('wrk is needed; install it with: apt-get install wrk', { cause });
  }
}

export function failures({ errors }: LoadResult): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    // `wrk -v` prints its version and ends with 1.
    child.on('close', () => resolve(output));
  });
}
