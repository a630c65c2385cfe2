import { fstatSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChildServer, type ChildServer } from './child-server.js';
import { demoServers, type DemoServer } from './demo-servers.js';

const HOST = '127.0.0.1';

/** A program beside this file, whether it runs compiled or through a loader. */
const sibling = (name: string) => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);

function start({ registration, port, program, args }: DemoServer): ChildServer {
  const script =
    program === 'time'
      ? fileURLToPath(sibling('time-server'))
      : createRequire(import.meta.url).resolve(
          '@modelcontextprotocol/server-everything/dist/index.js',
        );
  return startChildServer({
    name: registration.name,
    command: process.execPath,
    args: [...process.execArgv, '--import', sibling('guest').href, script, ...args],
    // A demo server shows its environment to whoever asks, so it gets none of ours.
    env: { PATH: process.env.PATH, PORT: String(port) },
    url: registration.url,
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

/** Resolves when this process is asked to stop, or whoever started it has gone. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
    // A pipe ends with its writer; a terminal or /dev/null says nothing about the parent.
    const stdin = fstatSync(0);
    if (stdin.isFIFO() || stdin.isSocket()) process.stdin.resume().once('end', resolve);
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 1000).unref();
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'first-port': { type: 'string', default: '8101' } } });
  const servers = demoServers(HOST, Number(values['first-port']));
  const stopping = stopRequested();
  for (const server of servers) await requireFreePort(server.port);
  const running = servers.map((server) => ({ server, child: start(server) }));
  try {
    const ready = Promise.all(running.map(({ child }) => child.ready));
    const stopped = await Promise.race([ready.then(() => false), stopping.then(() => true)]);
    if (stopped) return;
    console.log(JSON.stringify(servers.map((server) => server.registration)));
    const ended = running.map(async ({ server, child }) => {
      await child.ended;
      throw new Error(`${server.registration.name} ended by itself.`);
    });
    await Promise.race([stopping, ...ended]);
  } finally {
    await Promise.all(running.map(({ child }) => child.stop()));
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
