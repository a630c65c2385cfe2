import { readdirSync, readFileSync } from 'node:fs';
import { processesOf } from '../fixtures/processes-of.js';
import type { Stage } from './stage.js';

/** What the product takes of the machine. */
export interface Footprint {
  readonly registryMb: number;
  readonly nginxMb: number;
  /** Of the registry and of all processes of nginx. */
  readonly descriptors: number;
  readonly processes: number;
}

/** By how much each may be more in the end; a heap and caches are not full after some seconds. */
export const MAY_GROW: Footprint = { registryMb: 80, nginxMb: 20, descriptors: 20, processes: 0 };

export function footprintOf({ registry }: Stage): Footprint {
  const nginx = processesOf(registry.dataDir).filter((pid) => pid !== registry.pid());
  const all = [registry.pid(), ...nginx];
  return {
    registryMb: residentMb(registry.pid()),
    nginxMb: nginx.reduce((sum, pid) => sum + residentMb(pid), 0),
    descriptors: all.reduce((sum, pid) => sum + descriptorsOf(pid), 0),
    processes: all.length,
  };
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}

function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
