import path from 'node:path';
import { pairedRatio, type Spread } from '../statistics.js';
import type { BenchPlan } from '../bench-plan.js';
import { ranged, section } from '../markdown-table.js';
import { startAll, wayOf, type Stage } from '../start-ways.js';
import { measureCapacity, type Way, type WayResult } from '../throughput.js';
import { PLAIN, PUBLIC, PUBLIC_LEGACY } from '../ways.js';
import { PEERS } from './peer.js';
import { installPeers, startPeer } from './start-peer.js';

/** Gateways of others beside ours, in the same rounds. */
export async function measurePeers(stage: Stage, plan: BenchPlan): Promise<WayResult[]> {
  installPeers(PEERS);
  const own = [PLAIN, PUBLIC, PUBLIC_LEGACY];
  const all = await startAll(own, stage);
  const ways: Way[] = await Promise.all(own.map((kind) => wayOf(kind, all, stage.callers)));
  for (const [index, peer] of PEERS.entries()) {
    const { way, stop } = await startPeer(peer, path.join(stage.folder, `peer-${index}`));
    stage.stops.push(stop);
    ways.push(way);
  }
  return measureCapacity(ways, plan);
}

export function peersSection(results: readonly WayResult[]): string {
  const gateway = results.find(({ name }) => name === PUBLIC.title);
  const head = ['way', 'calls/s', 'p50 us', 'p99 us', 'CPU us/call', 'calls/s of the gateway x'];
  const rows = results.map(({ name, values, samples, failures }) => [
    name,
    ranged(values.requestsPerSecond),
    ranged(values.p50),
    ranged(values.p99),
    ranged(values.cpu, 1),
    gateway === undefined ? '' : ranged(advantage(gateway, { samples }), 1),
    String(failures),
  ]);
  return section('Gateways of others', [...head, 'failures'], rows);
}

function advantage(gateway: WayResult, other: Pick<WayResult, 'samples'>): Spread {
  const rates = ({ samples }: Pick<WayResult, 'samples'>) =>
    samples.map(({ requestsPerSecond }) => requestsPerSecond);
  return pairedRatio(rates(gateway), rates(other));
}
