import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../fixtures/free-port.js';
import { processesOf } from '../fixtures/processes-of.js';

// The layout of the container image without a container: compiled code, production packages, nginx/ and
// templates/ that belong to root, and a data folder that belongs to a user without rights.
const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;
const user = asRoot ? { uid: NOBODY, gid: NOBODY } : {};

let root = '';
let registry: ChildProcess;
let said = '';
const ports = { registry: 0, gateway: 0 };

/** Packages that `npm ci --omit=dev` would install, as folders. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && dev !== true)
    .map(([folder]) => folder)
    .filter((folder) => existsSync(folder));
}

function layOut(app: string): void {
  const tsc = path.resolve('node_modules/typescript/bin/tsc');
  const outDir = path.join(app, 'dist');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], {
    stdio: 'pipe',
  });
  for (const source of ['package.json', 'nginx', 'templates', ...productionPackages()]) {
    cpSync(source, path.join(app, source), { recursive: true });
  }
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true; the registry:\n${said}`);
    await delay(50);
  }
}

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const answersOk = (url: string) =>
  get(url).then(
    ({ ok }) => ok,
    () => false,
  );

describe('the layout of the container image, run by a user without rights', () => {
  let gateway = '';
  let data = '';

  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'unprivileged-layout-'));
    chmodSync(root, 0o755);
    const app = path.join(root, 'app');
    mkdirSync(app);
    layOut(app);
    data = path.join(root, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (asRoot) chownSync(data, NOBODY, NOBODY);
    ports.registry = await freePort();
    ports.gateway = await freePort();
    gateway = `http://127.0.0.1:${ports.gateway}`;
    registry = spawn(process.execPath, [path.join(app, 'dist/registry/main.js')], {
      cwd: app,
      env: {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        NODE_ENV: 'production',
        DATA_DIR: data,
        REGISTRY_PORT: String(ports.registry),
        GATEWAY_HOST: '127.0.0.1',
        GATEWAY_PORT: String(ports.gateway),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
    for (const stream of [registry.stdout, registry.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    await until('health through nginx', () => {
      if (registry.exitCode !== null) throw new Error(`the registry ended:\n${said}`);
      return answersOk(`${gateway}/healthz`);
    });
  });

  afterAll(async () => {
    // Whatever a failed test left behind; after a passed one there is nothing.
    for (const pid of processesOf(root)) process.kill(pid, 'SIGKILL');
    await until('the end of all processes', () => processesOf(root).length === 0);
    rmSync(root, { recursive: true, force: true });
  });

  it('serves health through nginx', async () => {
    const health = (await (await get(`${gateway}/healthz`)).json()) as Record<string, unknown>;
    expect(health).toEqual({ status: 'ok', generation: expect.stringMatching(/./) });
  });

  it('keeps a token for scripts on this machine that the owner alone can read', async () => {
    const file = path.join(data, 'operator-token');
    await until('the operator token', () => existsSync(file));
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    const token = readFileSync(file, 'utf8').trim();
    expect((await get(`${gateway}/api/servers`)).status).toBe(401);
    const listed = await get(`${gateway}/api/servers`, { authorization: `Bearer ${token}` });
    expect(listed.status).toBe(200);
    expect(await listed.json()).toMatchObject({ servers: [], total: 0 });
  });

  it('writes nothing outside its data folder', () => {
    const app = readdirSync(path.join(root, 'app')).sort();
    expect(app).toEqual(['dist', 'nginx', 'node_modules', 'package.json', 'templates']);
    expect(readdirSync(root).sort()).toEqual(['app', 'data']);
  });

  it('ends on SIGTERM with nothing left running', async () => {
    const exit = once(registry, 'exit');
    registry.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    await until('the end of nginx', () => processesOf(root).length === 0);
    expect(await answersOk(`${gateway}/healthz`)).toBe(false);
  });
});
