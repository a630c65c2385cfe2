import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { tailLog } from './log-tail.js';
import { isInstalled, lastComplaint, readVersion, testConfig } from './nginx-commands.js';
import { nginxEnvironment } from './nginx-environment.js';
import { makeNginxFolders, type NginxLayout } from './nginx-layout.js';
import { liveMaster, orphanedWorkers, workersOf } from './nginx-master.js';
import type { ConfigTest, NginxRuntime, NginxWorkers } from './nginx-runtime.js';
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
  return new ManagedNginx(bin, layout, log);
}

class ManagedNginx implements NginxRuntime {
  readonly mode = 'managed';
  readonly #bin: string;
  readonly #layout: NginxLayout;
  readonly #log: Log;
  #watch: NodeJS.Timeout | undefined;
  /** The master that we last saw alive. */
  #known: number | undefined;
  #startedAt = 0;
  #failures = 0;
  #retryAt = 0;
  #down: string | undefined;
  #launching: Promise<void> | undefined;

  constructor(bin: string, layout: NginxLayout, log: Log) {
    this.#bin = bin;
    this.#layout = layout;
    this.#log = log;
  }

  async start(): Promise<void> {
    makeNginxFolders(this.#layout);
    if (!isInstalled(this.#bin)) {
      this.#down = `there is no nginx at ${this.#bin}; install it (apt-get install nginx) or set NGINX_BIN`;
      throw new Error(this.#down);
    }
    this.#watch ??= setInterval(() => this.#supervise(), WATCH_MS).unref();
    this.#known = liveMaster(this.#layout);
    if (this.#known === undefined) {
      await this.#launch();
      return;
    }
    this.#startedAt = performance.now();
    this.#log.info('adopted the nginx that was running', { pid: this.#known });
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch);
    this.#watch = undefined;
    await this.#launching?.catch(() => undefined);
    await stopMaster(this.#layout, this.#log);
  }

  pid(): number | undefined {
    return liveMaster(this.#layout);
  }

  downReason(): string | undefined {
    return this.pid() === undefined ? (this.#down ?? 'nginx is not running') : undefined;
  }

  test(configFile: string): Promise<ConfigTest> {
    return testConfig(this.#bin, this.#layout, configFile);
  }

  reload(): boolean {
    const pid = this.pid();
    return pid !== undefined && signalProcess(pid, 'SIGHUP');
  }

  reopenLogs(): boolean {
    const pid = this.pid();
    return pid !== undefined && signalProcess(pid, 'SIGUSR1');
  }

  workers(): NginxWorkers {
    const pid = this.pid();
    return pid === undefined ? { active: [], draining: [] } : workersOf(pid);
  }

  version(): Promise<string | undefined> {
    return readVersion(this.#bin);
  }

  /** One launch at a time, whoever asks. */
  #launch(): Promise<void> {
    this.#launching ??= this.#launchOnce().finally(() => {
      this.#launching = undefined;
    });
    return this.#launching;
  }

  async #launchOnce(): Promise<void> {
    await retireOrphans(this.#layout, this.#log);
    const said = tailLog(this.#layout.startupLog);
    this.#startedAt = performance.now();
    const pid = await masterUp(startNginx(this.#bin, this.#layout), this.#layout);
    if (pid === undefined) {
      this.#down = lastComplaint(said()) || 'nginx ended at once';
      throw new Error(this.#down);
    }
    this.#known = pid;
    this.#down = undefined;
    this.#log.info('nginx started', { pid });
  }

  #supervise(): void {
    if (this.#launching !== undefined) return;
    const alive = this.pid();
    if (alive !== undefined) {
      this.#known = alive;
      if (performance.now() - this.#startedAt > WELL_AFTER_MS) this.#failures = 0;
      return;
    }
    if (this.#known !== undefined) {
      this.#log.error('nginx died', { pid: this.#known });
      this.#known = undefined;
      this.#retryAt = performance.now() + backoff(this.#failures);
    }
    if (performance.now() < this.#retryAt) return;
    this.#failures += 1;
    this.#retryAt = performance.now() + backoff(this.#failures);
    this.#launch().catch((error: unknown) => {
      this.#log.error('nginx could not be restarted', {
        reason: messageOf(error),
        failures: this.#failures,
      });
    });
  }
}

function backoff(failures: number): number {
  return BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 0;
}

function startNginx(bin: string, layout: NginxLayout): ChildProcess {
  const output = openSync(layout.startupLog, 'a');
  try {
    const child = spawn(
      bin,
      ['-p', layout.prefix, '-c', layout.configFile, '-e', layout.startupLog, '-g', 'daemon off;'],
      { detached: true, stdio: ['ignore', output, output], env: nginxEnvironment() },
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
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return undefined;
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
    for (let waited = 0; waited < STOP_GRACE_MS && liveMaster(layout) === pid; waited += 20)
      await delay(20);
    if (liveMaster(layout) === pid) signalProcess(pid, 'SIGTERM');
    for (let waited = 0; waited < STOP_GRACE_MS && liveMaster(layout) === pid; waited += 20)
      await delay(20);
    log.info('nginx stopped', { pid });
  }
  for (const orphan of orphanedWorkers(layout)) signalProcess(orphan.pid, 'SIGTERM');
}
