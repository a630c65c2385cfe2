import { readFileSync } from 'node:fs';
import { childrenOf } from '../../registry/gateway/nginx/processes.js';

/** Clock ticks per second, as Linux counts for user programs on every architecture that matters here. */
const TICKS = 100;

/** User and system time that the workers of an nginx master have used so far, in microseconds. */
export function workerCpu(master: number): number {
  return (
    childrenOf(master)
      .map(({ pid }) => readFileSync(`/proc/${pid}/stat`, 'utf8'))
      .map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '))
      .reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) *
    (1e6 / TICKS)
  );
}
