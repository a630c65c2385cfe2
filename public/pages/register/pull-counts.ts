import type { PullResult } from '../../api/pull';
import { notifyDone, notifyOutcome } from '../../components/notify';

/** How many servers a pull has changed, or would. */
export function changesIn({ results }: PullResult): number {
  return results.filter(({ outcome }) => outcome === 'created' || outcome === 'updated').length;
}

export function serversText(count: number): string {
  return count === 1 ? '1 server' : `${String(count)} servers`;
}

/** Says what was taken over, and what nginx made of it. */
export function tellOfPull(done: PullResult): void {
  const title = `Taken over: ${serversText(changesIn(done))}`;
  const { gateway } = done;
  if (gateway === undefined) notifyDone(title);
  else notifyOutcome(title, { gateway });
}
