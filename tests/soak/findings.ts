import { setTimeout as delay } from 'node:timers/promises';
import { countedCalls, sumOf } from '../fixtures/call-tally.js';
import { eventually } from '../fixtures/eventually.js';
import type { Calls } from './callers.js';
import { lostChanges, type Changes } from './changes.js';
import { MAY_GROW, type Footprint } from './footprint.js';
import { COUNTED, type Stage } from './stage.js';

/** Something that must hold in the end. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly holds: boolean;
}

/** Times without a registry. */
export interface Outages {
  readonly kills: number;
  readonly seconds: number;
}

/** Of calls, once all that was answered is counted. */
export async function callFindings({ registry }: Stage, calls: Calls): Promise<Finding[]> {
  const count = () => countedCalls(registry, ({ server }) => COUNTED.includes(server));
  const least = sumOf(calls.told);
  const counted = await eventually(count, (tally) => sumOf(tally) >= least, 30_000);
  // Once more: what is counted twice may come late.
  await delay(3000);
  const found = sumOf(counted) === sumOf(await count()) ? counted : await count();
  const keys = [...new Set([...Object.keys(found), ...Object.keys(calls.told)])].sort();
  const missing = keys.filter((key) => (found[key] ?? 0) < (calls.told[key] ?? 0));
  const more = sumOf(found) - least;
  const sdk = Object.entries(calls.sdk).map(([kind, { ok, failed }]) => ({
    what: kind,
    found: `${ok} calls with a result, ${failed} clients that were cut off`,
    holds: ok > 0,
  }));
  return [
    ...sdk,
    {
      what: 'calls are counted as callers were told, by server, tool and status',
      found: `told ${least}, counted ${sumOf(found)}, ${keys.length} kinds${missing.map((key) => `; "${key}": told ${calls.told[key]}, counted ${found[key] ?? 0}`).join('')}`,
      holds: missing.length === 0,
    },
    {
      what: 'none is counted twice',
      found: `${more} more than told, ${calls.unanswered} calls without an answer`,
      holds: more <= calls.unanswered,
    },
  ];
}

/** Of the catalog, nginx and upstreams. */
export async function stateFindings(
  stage: Stage,
  changes: Changes,
  down: Outages,
): Promise<Finding[]> {
  const lost = await lostChanges(stage, changes);
  const status = (await (await stage.registry.api('/api/gateway')).json()) as {
    state: string;
    drainingWorkers: number;
  };
  return [
    {
      what: 'confirmed changes are there',
      found: `${changes.confirmed} confirmed, ${lost.length} lost ${lost.join(' ')}`,
      holds: lost.length === 0 && changes.confirmed > 0,
    },
    {
      // A server is added and another removed each second, and one of it may be under way at a kill.
      what: 'changes fail only while there is no registry',
      found: `${changes.unconfirmed} cut off in ${down.seconds.toFixed(0)} s, ${changes.refused.length} refused ${changes.refused.slice(0, 3).join(' ')}`,
      holds: changes.unconfirmed <= 2 * (down.seconds + down.kills) && changes.refused.length === 0,
    },
    {
      what: 'nginx serves what the catalog says',
      found: `${status.state}, ${status.drainingWorkers} old workers`,
      holds: status.state === 'applied' && status.drainingWorkers === 0,
    },
    {
      what: 'the upstream that fails came back',
      found: `${stage.flaky.returns()} times`,
      holds: stage.flaky.returns() > 0,
    },
    {
      // A check may be under way at the moment. One that was under way when the registry was killed could not close its own.
      what: 'sessions at upstreams',
      found: `${stage.sessions.openSessions()} open, ${stage.sse.openStreams()} streams`,
      holds: stage.sessions.openSessions() <= down.kills && stage.sse.openStreams() <= 1,
    },
  ];
}

/** Of what grew while nobody was killed. */
export function footprintFindings(first: Footprint, last: Footprint): Finding[] {
  return (Object.keys(MAY_GROW) as (keyof Footprint)[]).map((name) => ({
    what: name,
    found: `${first[name]} -> ${last[name]}, may grow by ${MAY_GROW[name]}`,
    holds: last[name] - first[name] <= MAY_GROW[name],
  }));
}
