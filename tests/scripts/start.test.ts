import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, freePortsInRow } from '../fixtures/free-port.js';
import { processesOf } from '../fixtures/processes-of.js';

interface McpJson {
  readonly mcpServers: Readonly<Record<string, { readonly type: string; readonly url: string }>>;
}

/** A copy of the project with its packages installed and nothing built. */
function copyProject(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'start-script-'));
  const sources = ['registry', 'public', 'scripts', 'nginx', 'templates'];
  const files = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const source of [...sources, ...files]) {
    cpSync(source, path.join(folder, source), { recursive: true });
  }
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync('node_modules').filter((entry) => entry !== '.installed-from')) {
    symlinkSync(path.resolve('node_modules', name), path.join(modules, name));
  }
  const lock = execFileSync('sh', ['-c', 'cksum <package-lock.json'], { encoding: 'utf8' });
  writeFileSync(path.join(modules, '.installed-from'), lock);
  return folder;
}

describe('scripts/start.sh', () => {
  let folder: string;
  let env: Record<string, string | undefined>;
  let gateway: string;
  let demoPort: number;
  let running: ChildProcess | undefined;
  let said = '';

  function start(args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
    said = '';
    // A group of its own, as a terminal gives to a command: Ctrl-C signals the whole group.
    running = spawn(path.join(folder, 'scripts/start.sh'), args, {
      env: { ...env, ...extra },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [running.stdout, running.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    return { child: running, exit: once(running, 'exit') };
  }

  async function until(what: string, condition: () => boolean, seconds = 60): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`${what} did not come true:\n${said}`);
      await delay(50);
    }
  }

  const saysOrEnds = (text: string) =>
    until(`"${text}"`, () => {
      if (running?.exitCode !== null) throw new Error(`start.sh ended:\n${said}`);
      return said.includes(text);
    });

  const pressCtrlC = ({ pid }: ChildProcess) => process.kill(-(pid ?? 0), 'SIGINT');

  beforeAll(async () => {
    folder = copyProject();
    const ports = [await freePort(), await freePort()];
    demoPort = await freePortsInRow(3);
    gateway = `http://127.0.0.1:${ports[1] ?? 0}`;
    env = {
      PATH: process.env.PATH,
      HOME: folder,
      DATA_DIR: path.join(folder, 'data'),
      REGISTRY_PORT: String(ports[0]),
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(ports[1]),
    };
  });

  afterEach(async () => {
    // Whatever a failed test left behind; after a passed one there is nothing.
    for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
    await until('the end of all processes', () => processesOf(folder).length === 0);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says what is wrong with the settings, all at once, and starts nothing', async () => {
    const { exit } = start([], { GATEWAY_PORT: 'many', LOG_LEVEL: 'loud' });
    expect((await exit)[0]).toBe(1);
    expect(said).toContain('GATEWAY_PORT');
    expect(said).toContain('LOG_LEVEL');
    expect(processesOf(folder)).toEqual([]);
  });

  it('does not take what answers at a port that is held for the gateway', async () => {
    const other = createServer((_req, res) => res.end('ok')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { child, exit } = start([], {
      DATA_DIR: path.join(folder, 'other-data'),
      GATEWAY_PORT: String(port),
    });
    await saysOrEnds('but nginx does not answer at');
    expect(said).toContain('Address already in use');
    expect(said).not.toContain('The gateway is up.');
    pressCtrlC(child);
    await exit;
    other.close();
  });

  it('brings up gateway and demo servers, ready to be called, until Ctrl-C', async () => {
    const { child, exit } = start(['--demo', '--demo-port', String(demoPort)]);
    await saysOrEnds('mcp.json for your MCP client:');
    await saysOrEnds('\n}\n');
    const shown = said.slice(said.indexOf('mcp.json for'));
    const { mcpServers } = JSON.parse(
      shown.slice(shown.indexOf('{'), shown.indexOf('\n}\n') + 2),
    ) as McpJson;
    expect(mcpServers).toEqual({
      time: { type: 'http', url: `${gateway}/time/mcp` },
      everything: { type: 'http', url: `${gateway}/everything/mcp` },
      'everything-sse': { type: 'sse', url: `${gateway}/everything-sse/sse` },
    });
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'current_time', arguments: { timeZone: 'Europe/Berlin' } },
    };
    const answer = await fetch(`${gateway}/time/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(call),
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"timeZone":"Europe/Berlin"');
    pressCtrlC(child);
    expect(await exit).toEqual([0, null]);
    await until('the end of every part', () => processesOf(folder).length === 0);
  });

  it('starts again on what it left, and ends on SIGTERM', async () => {
    const { child, exit } = start([]);
    await saysOrEnds('The gateway is up.');
    const list = spawn(path.join(folder, 'scripts/list.sh'), ['--json'], { env });
    const out: string[] = [];
    list.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
    expect((await once(list, 'close'))[0]).toBe(0);
    const { servers } = JSON.parse(out.join('')) as { servers: { path: string }[] };
    expect(servers.map((server) => server.path)).toEqual([
      '/everything',
      '/everything-sse',
      '/time',
    ]);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    await until('the end of every part', () => processesOf(folder).length === 0);
  });
});
