import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { errnoOf } from './errno-of.js';

/** What tells one process from every other one, also from a later one with the same pid. */
export const processIdentitySchema = z.object({
  pid: z.int().positive(),
  /** When it started, in ticks since the machine did (field 22 of proc_pid_stat(5)). */
  startTicks: z.string(),
  bootId: z.string(),
  /** Containers of one machine share its boot but not their pids. */
  pidNamespace: z.string(),
  host: z.string(),
});
export type ProcessIdentity = Readonly<z.output<typeof processIdentitySchema>>;

/** Systems without /proc have empty strings for what only it tells. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    startTicks: (await statOf(process.pid))?.startTicks ?? '',
    bootId: (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim(),
    pidNamespace: await readlink('/proc/self/ns/pid').catch(() => ''),
    host: hostname(),
  };
}

/** Whether `other` lives where this process can see it by its pid. */
export function isSeenFrom(own: ProcessIdentity, other: ProcessIdentity): boolean {
  return (
    other.host === own.host &&
    other.bootId === own.bootId &&
    other.pidNamespace === own.pidNamespace
  );
}

/** Whether that very process is running; only for one that is seen from here. */
export async function isRunning({ pid, startTicks }: ProcessIdentity): Promise<boolean> {
  const found = await statOf(pid);
  if (found !== undefined) {
    // A killed process stays listed until its parent takes note of its end.
    const ended = found.state === 'Z' || found.state === 'X';
    return !ended && (startTicks === '' || found.startTicks === startTicks);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Somebody else's process, on a system that hides those in /proc.
    return errnoOf(thrown) === 'EPERM';
  }
}

async function statOf(
  pid: number,
): Promise<{ readonly state: string; readonly startTicks: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name in field 2 may contain blanks and parentheses; what follows its last ")" is field 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}
