import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../fixtures/free-port.js';
import { withSession } from '../calls.js';
import { processCpu } from '../processor-time.js';
import type { Way } from '../throughput.js';
import type { Peer } from './peer.js';

/** Kept between runs; nothing of the project needs it. */
const PACKAGES = path.join(tmpdir(), 'gateway-bench-peers');
const START_DEADLINE_MS = 30_000;

/** Fetches packages of peers. Their scripts are not run. @throws Error with what npm says */
export function installPeers(peers: readonly Peer[]): void {
  const wanted = [...new Set(peers.map(({ install }) => install))];
  if (peers.every(({ program }) => existsSync(programFile(program)))) return;
  mkdirSync(PACKAGES, { recursive: true });
  // `npm run` hands on the settings of this project, which are not theirs.
  const settings = ['--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
  const args = ['install', ...settings, '--ignore-scripts', '--prefix', PACKAGES];
  const { status, stderr } = spawnSync('npm', [...args, ...wanted], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the peers could not be installed: ${stderr}`);
}

/** @throws Error when it does not answer the call as it should */
export async function startPeer(
  peer: Peer,
  folder: string,
): Promise<{ readonly way: Way; readonly stop: () => Promise<void> }> {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(peer.files ?? {})) {
    writeFileSync(path.join(folder, name), text);
  }
  const port = await freePort();
  const args = [programFile(peer.program), ...peer.args(port, folder)];
  const env = { ...process.env, NODE_ENV: 'production', HOME: folder };
  // A group of its own, since some start their server through a shell.
  const child = spawn(process.execPath, args, { env, stdio: 'ignore', detached: true });
  const stop = async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  try {
    return { way: await wayThrough(peer, child, `http://127.0.0.1:${port}${peer.path}`), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function programFile(program: string): string {
  return path.join(PACKAGES, 'node_modules', program);
}

async function wayThrough(peer: Peer, child: ChildProcess, url: string): Promise<Way> {
  const end = Date.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      const { pid = 0 } = child;
      const call = peer.inSession === true ? await withSession(peer.call, url) : peer.call;
      await checkAnswer(url, call);
      const numbered = peer.inSession === true;
      return { name: peer.title, url, call, numbered, cpu: () => processCpu(pid) };
    } catch (cause) {
      if (child.exitCode !== null || Date.now() > end) {
        throw new Error(`${peer.title} did not start`, { cause });
      }
      await delay(200);
    }
  }
}

/** A number of failures counts for nothing when what succeeds is no answer. */
async function checkAnswer(url: string, { headers, body }: Way['call']): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!answer.ok || !text.includes('renew-staging')) throw new Error(`${answer.status} ${text}`);
}
