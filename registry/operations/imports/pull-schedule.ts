import type { Principal } from '../../access/principal.js';
import { isDue, type RegistrySource } from '../../catalog/registry-source.js';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import { changeBySystem, type Audited } from '../audit/audited.js';
import type { RegistrySources } from './registry-sources.js';

/** Pulls from the registries that are followed, each as often as somebody decided. */
export interface PullSchedule {
  start(): void;
  /** Pulls from those whose time has come, one after the other. Never throws. */
  pullDue(): Promise<void>;
  /** Ends what is under way. */
  stop(): Promise<void>;
}

const LOOK_MS = 60_000;

export function createPullSchedule(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly sources: Pick<RegistrySources, 'pull' | 'skip'>;
  /** The account of that name, as long as it may log in. */
  readonly ofUser: (username: string) => Principal | undefined;
  readonly audited: Pick<Audited, 'run'>;
  readonly clock: () => Date;
  readonly log: Log;
}): PullSchedule {
  const { store, sources, ofUser, audited, clock, log } = deps;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  const pull = async ({ id, url, owner }: RegistrySource) => {
    const by = ofUser(owner);
    try {
      if (by?.permissions.has('registries:manage') !== true) {
        await sources.skip(id, `The account ${owner} may not pull from registries any more.`);
        return;
      }
      const change = changeBySystem('server.pull', { type: 'server' });
      await audited.run(change, () => sources.pull(id, {}, by, stopping.signal));
    } catch (thrown) {
      log.warn('A registry could not be pulled from.', { url, reason: messageOf(thrown) });
    }
  };
  const pullDue = async () => {
    for (const source of store.state().registries) {
      if (!stopping.signal.aborted && isDue(source, clock())) await pull(source);
    }
  };
  const next = () => {
    timer = setTimeout(() => {
      running = pullDue().then(next);
    }, LOOK_MS);
    timer.unref();
  };
  return {
    start: next,
    pullDue,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await running;
      clearTimeout(timer);
    },
  };
}
