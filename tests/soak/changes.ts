import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './stage.js';

const EVERY_MS = 1000;
/** Servers that were added and are kept for a while. */
const KEPT = 5;

/** What was changed and confirmed, to be found again in the end. */
export interface Changes {
  /** Changes that were confirmed. */
  confirmed: number;
  /** Such without an answer, after which either state is right. */
  unconfirmed: number;
  /** What the registry refused; nothing here is to be refused. */
  readonly refused: string[];
  /** By path: whether the server must be there. */
  readonly expected: Map<string, boolean>;
}

/** Adds a server and removes an older one, each second until the signal. */
export async function keepChanging({ registry, echoUrl }: Stage, signal: AbortSignal) {
  const changes: Changes = { confirmed: 0, unconfirmed: 0, refused: [], expected: new Map() };
  const change = async (path: string, there: boolean) => {
    const name = path.slice(1).replaceAll('/', '-');
    const server = { name, path, url: echoUrl, transport: 'streamable-http', enabled: true };
    const answer = await (
      there
        ? registry.api('/api/servers', 'POST', server)
        : registry.api(`/api/servers${path}`, 'DELETE')
    ).catch(() => undefined);
    if (answer?.ok === true) {
      changes.confirmed += 1;
      changes.expected.set(path, there);
    } else {
      if (answer !== undefined) changes.refused.push(`${path}: ${answer.status}`);
      changes.unconfirmed += 1;
      changes.expected.delete(path);
    }
  };
  for (let n = 0; !signal.aborted; n += 1) {
    const begin = Date.now();
    await change(`/soak/n${n}`, true);
    const older = `/soak/n${n - KEPT}`;
    if (changes.expected.get(older) === true) await change(older, false);
    await delay(Math.max(0, EVERY_MS - (Date.now() - begin)));
  }
  return changes;
}

/** Confirmed changes that are not to be found. */
export async function lostChanges({ registry }: Stage, { expected }: Changes): Promise<string[]> {
  const lost: string[] = [];
  for (const [path, there] of expected) {
    const { status } = await registry.api(`/api/servers${path}`);
    if (status !== (there ? 200 : 404)) lost.push(path);
  }
  return lost;
}
