import { readFileSync } from 'node:fs';
import type { NginxLayout } from './nginx-layout.js';
import type { NginxWorkers } from './nginx-runtime.js';
import { childrenOf, findProcesses, inspectProcess, type ProcessFacts } from './processes.js';

/** What the pid file says, whether or not that process lives. */
function readPidFile(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The live nginx master that the pid file names. A pid that belongs to something else by now is not it. */
export function liveMaster(layout: NginxLayout): number | undefined {
  const pid = readPidFile(layout.pidFile);
  const facts = pid === undefined ? undefined : inspectProcess(pid);
  return facts?.title.startsWith('nginx: master process') === true ? pid : undefined;
}

/** Workers of a master, told apart by the title that nginx gives them. */
export function workersOf(master: number): NginxWorkers {
  const workers = childrenOf(master).filter((child) =>
    child.title.startsWith('nginx: worker process'),
  );
  const isDraining = (worker: ProcessFacts) => worker.title.includes('shutting down');
  return {
    active: workers.filter((worker) => !isDraining(worker)).map(({ pid }) => pid),
    draining: workers
      .filter(isDraining)
      .sort((a, b) => a.startTicks - b.startTicks)
      .map(({ pid }) => pid),
  };
}

/**
 * Workers whose master was killed: they go on serving and hold its port. A master that we started leads
 * a process group of its own, which outlives it.
 */
export function orphanedWorkers(layout: NginxLayout): ProcessFacts[] {
  const group = readPidFile(layout.pidFile);
  if (group === undefined || inspectProcess(group) !== undefined) return [];
  return findProcesses(
    (facts) => facts.group === group && facts.title.startsWith('nginx: worker process'),
  );
}
