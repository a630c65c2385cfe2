import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of a process in /proc; see proc_pid_stat(5). */
export interface ProcessFacts {
  readonly pid: number;
  /** The command line, or the title that the process gave itself. */
  readonly title: string;
  readonly group: number;
  /** Clock ticks between the boot and the start: together with the pid it names one process for good. */
  readonly startTicks: number;
}

/** Facts of a live process; undefined when there is none, or only its zombie. */
export function inspectProcess(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, , group] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, title, group: Number(group), startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

/** Live processes that `keep` accepts. */
export function findProcesses(keep: (facts: ProcessFacts) => boolean): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => inspectProcess(Number(name)))
    .filter((facts) => facts !== undefined)
    .filter(keep);
}

/** Live children of a process. */
export function childrenOf(pid: number): ProcessFacts[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== '')
      .map((text) => inspectProcess(Number(text)))
      .filter((facts) => facts !== undefined);
  } catch {
    return [];
  }
}

/** Sends a signal; false when the process is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
