import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { demoServers, type DemoServer } from './demo-servers.js';

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 3_000;
const HOST = '127.0.0.1';

/** A program beside this file, whether it runs compiled or through a loader. */
const sibling = (name: string) => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);

function start(server: DemoServer): ChildProcess {
  const script =
    server.program === 'time'
      ? fileURLToPath(sibling('time-server'))
      : createRequire(import.meta.url).resolve(
          '@modelcontextprotocol/server-everything/dist/index.js',
        );
  const args = [...process.execArgv, '--import', sibling('guest').href, script, ...server.args];
  return spawn(process.execPath, args, {
    // A demo server shows its environment to whoever asks, so it gets none of ours.
    env: { PATH: process.env.PATH, PORT: String(server.port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, HOST, resolve);
    });
  } catch {
    throw new Error(`Port ${port} on ${HOST} is taken; choose others with --first-port.`);
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** Resolves when the server gives any answer over HTTP; rejects when it ends or the deadline passes. */
async function requireAnswer(server: DemoServer, child: ChildProcess): Promise<void> {
  const { name, url } = server.registration;
  let said = '';
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (said = (said + text).slice(-2000)));
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${name} ended at once: ${said}`);
    const abort = new AbortController();
    const answered = await fetch(url, { signal: abort.signal }).then(
      () => true,
      () => false,
    );
    // The answer of an SSE server never ends by itself.
    abort.abort();
    if (answered) return;
    await delay(100);
  }
  throw new Error(`${name} did not answer at ${url} within ${START_DEADLINE_MS / 1000} s: ${said}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exit;
  clearTimeout(timer);
}

/** Resolves when this process is asked to stop, or whoever started it has gone. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
    // A pipe ends with its writer; a terminal or /dev/null says nothing about the parent.
    const stdin = fstatSync(0);
    if (stdin.isFIFO() || stdin.isSocket()) process.stdin.resume().once('end', resolve);
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve(), 1000).unref();
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'first-port': { type: 'string', default: '8101' } } });
  const servers = demoServers(HOST, Number(values['first-port']));
  const stopping = stopRequested();
  for (const server of servers) await requireFreePort(server.port);
  const running = servers.map((server) => ({ server, child: start(server) }));
  try {
    const ready = Promise.all(running.map(({ server, child }) => requireAnswer(server, child)));
    const stopped = await Promise.race([ready.then(() => false), stopping.then(() => true)]);
    if (stopped) return;
    console.log(JSON.stringify(servers.map((server) => server.registration)));
    const ended = running.map(async ({ server, child }) => {
      await once(child, 'exit');
      throw new Error(`${server.registration.name} ended by itself.`);
    });
    await Promise.race([stopping, ...ended]);
  } finally {
    await Promise.all(running.map(({ child }) => stop(child)));
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
