import { readFileSync } from 'node:fs';
import { childrenOf } from '../../registry/gateway/nginx/processes.js';

/** Clock ticks per second, as Linux counts for user programs on every architecture that matters here. */
const TICKS = 100;

/** User and system time that the workers of an nginx master have used so far, in microseconds. */
export function workerCpu(master: number): number {
  return childrenOf(master).reduce((sum, { pid }) => sum + processCpu(pid), 0);
}

/** User and system time of a process with all its threads, in microseconds. */
export function processCpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * (1e6 / TICKS);
}

/** Memory that a process has of its own and shared, as far as it is in RAM. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

/** Memory of an nginx master and its workers, in which what they share is counted once. */
export function nginxMegabytes(master: number): number {
  const pids = [master, ...childrenOf(master).map(({ pid }) => pid)];
  return pids.reduce((sum, pid) => sum + proportionalMegabytes(pid), 0);
}

/** The proportional set size (PSS): of shared memory a process counts its share. */
function proportionalMegabytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) / 1024;
}
