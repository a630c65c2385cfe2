import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../log.js';
import { isInstalled, lastComplaint, readVersion, testConfig } from './nginx-commands.js';
import { makeNginxFolders, type NginxLayout } from './nginx-layout.js';
import { liveMaster, orphanedWorkers, workersOf } from './nginx-master.js';
import type { NginxRuntime } from './nginx-runtime.js';
import { signalProcess } from './processes.js';

/** An adopted nginx is no child of ours, so its end is noticed by looking. */
const WATCH_MS = 250;
const BACKOFF_MS = [0, 250, 500, 1000, 2000, 5000, 15_000, 30_000];
/** A process that lived this long was well; the next failure counts from the start. */
const WELL_AFTER_MS = 30_000;
const STOP_GRACE_MS = 5000;

/**
 * nginx as our own: started, supervised, restarted with back-off. It runs in a session of its own, so that
 * neither a Ctrl-C in our terminal nor our own death takes it along; the next registry adopts it.
 */
export function createManagedNginx(bin: string, layout: NginxLayout, log: Log): NginxRuntime {
  let wanted = false;
  let watch: NodeJS.Timeout | undefined;
  let known: number | undefined;
  let startedAt = 0;
  let failures = 0;
  let retryAt = 0;
  let down: string | undefined;
  let launching: Promise<void> | undefined;

  const launch = async (): Promise<void> => {
    await retireOrphans(layout, log);
    const logStart = sizeOf(layout.startupLog);
    const child = startNginx(bin, layout);
    startedAt = Date.now();
    const pid = await masterUp(child, layout);
    if (pid === undefined) {
      down = lastComplaint(readFrom(layout.startupLog, logStart)) || 'nginx ended at once';
      throw new Error(down);
    }
    known = pid;
    down = undefined;
    log.info('nginx started', { pid });
  };

  const ensure = (): Promise<void> => {
    launching ??= launch().finally(() => {
      launching = undefined;
    });
    return launching;
  };

  const supervise = (): void => {
    if (!wanted || launching !== undefined) return;
    const alive = liveMaster(layout);
    if (alive !== undefined) {
      if (alive !== known) known = alive;
      if (failures > 0 && Date.now() - startedAt > WELL_AFTER_MS) failures = 0;
      return;
    }
    if (known !== undefined) {
      log.error('nginx died', { pid: known });
      known = undefined;
      retryAt = Date.now() + (BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 0);
    }
    if (Date.now() < retryAt) return;
    failures += 1;
    retryAt = Date.now() + (BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 0);
    ensure().catch((error: unknown) => log.error('nginx could not be restarted', { error: String(error), failures }));
  };

  return {
    mode: 'managed',
    async start() {
      makeNginxFolders(layout);
      if (!isInstalled(bin)) {
        down = `there is no nginx at ${bin}; install it (apt-get install nginx) or set NGINX_BIN`;
        throw new Error(down);
      }
      wanted = true;
      watch ??= setInterval(supervise, WATCH_MS).unref();
      known = liveMaster(layout);
      if (known !== undefined) {
        startedAt = Date.now();
        log.info('adopted the nginx that was running', { pid: known });
        return;
      }
      await ensure();
    },
    async stop() {
      wanted = false;
      clearInterval(watch);
      watch = undefined;
      await launching?.catch(() => undefined);
      await stopMaster(layout, log);
    },
    pid: () => liveMaster(layout),
    downReason: () => (liveMaster(layout) === undefined ? (down ?? 'nginx is not running') : undefined),
    test: (configFile) => {
      makeNginxFolders(layout);
      return testConfig(bin, layout, configFile);
    },
    reload() {
      const pid = liveMaster(layout);
      return pid !== undefined && signalProcess(pid, 'SIGHUP');
    },
    workers() {
      const pid = liveMaster(layout);
      return pid === undefined ? { active: [], draining: [] } : workersOf(pid);
    },
    version: () => readVersion(bin),
  };
}

function startNginx(bin: string, layout: NginxLayout): ChildProcess {
  const output = openSync(layout.startupLog, 'a');
  try {
    const child = spawn(
      bin,
      ['-p', layout.prefix, '-c', layout.configFile, '-e', layout.startupLog, '-g', 'daemon off;'],
      { detached: true, stdio: ['ignore', output, output] },
    );
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/** Resolves when the master has its workers (and so its port), or with nothing when it ended before. */
async function masterUp(child: ChildProcess, layout: NginxLayout): Promise<number | undefined> {
  for (;;) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return undefined;
    const pid = liveMaster(layout);
    if (pid === child.pid && workersOf(pid).active.length > 0) return pid;
    await delay(10);
  }
}

/** Lets orphans finish their streams, but not keep the port. */
async function retireOrphans(layout: NginxLayout, log: Log): Promise<void> {
  const orphans = orphanedWorkers(layout);
  if (orphans.length === 0) return;
  log.warn('workers of a killed nginx are retired', { pids: orphans.map(({ pid }) => pid) });
  for (const { pid } of orphans) signalProcess(pid, 'SIGQUIT');
  for (let waited = 0; waited < 500; waited += 10) {
    const holding = orphanedWorkers(layout).filter(({ title }) => !title.includes('shutting down'));
    if (holding.length === 0) return;
    await delay(10);
  }
}

/** Gracefully first; calls and streams that do not end are cut after a grace. */
async function stopMaster(layout: NginxLayout, log: Log): Promise<void> {
  const pid = liveMaster(layout);
  if (pid !== undefined) {
    signalProcess(pid, 'SIGQUIT');
    for (let waited = 0; waited < STOP_GRACE_MS && liveMaster(layout) === pid; waited += 20) await delay(20);
    if (liveMaster(layout) === pid) signalProcess(pid, 'SIGTERM');
    for (let waited = 0; waited < STOP_GRACE_MS && liveMaster(layout) === pid; waited += 20) await delay(20);
    log.info('nginx stopped', { pid });
  }
  for (const orphan of orphanedWorkers(layout)) signalProcess(orphan.pid, 'SIGTERM');
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

function readFrom(file: string, offset: number): string {
  try {
    return readFileSync(file).subarray(offset).toString('utf8');
  } catch {
    return '';
  }
}
