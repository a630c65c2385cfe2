import { readdirSync, readFileSync } from 'node:fs';
import { workersOf } from '../../registry/gateway/nginx/nginx-master.js';
import { processesOf } from '../fixtures/processes-of.js';
import type { Stage } from './stage.js';

/** What the product takes of the machine. */
export interface Footprint {
  readonly registryMb: number;
  readonly nginxMb: number;
  /** Of the registry, the master of nginx and its workers, but for those that only end their streams. */
  readonly descriptors: number;
  /** With what runs in the data directory besides. */
  readonly processes: number;
}

/** By how much each may be more in the end; a heap and caches are not full after some seconds. */
export const MAY_GROW: Footprint = { registryMb: 80, nginxMb: 20, descriptors: 20, processes: 0 };

export function footprintOf({ registry }: Stage): Footprint {
  const master = registry.nginxPid();
  const workers = workersOf(master).active;
  const nginx = [master, ...workers];
  const all = [registry.pid(), ...nginx];
  return {
    registryMb: residentMb(registry.pid()),
    nginxMb: nginx.reduce((sum, pid) => sum + residentMb(pid), 0),
    descriptors: all.reduce((sum, pid) => sum + descriptorsOf(pid), 0),
    processes: processesOf(registry.dataDir).length + workers.length,
  };
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}

function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
