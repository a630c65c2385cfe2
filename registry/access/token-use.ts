import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { Store, TokenUseStore } from '../store/store.js';

/** When each token was used last. Apart from the state: it changes with every request and decides nothing. */
export interface TokenUse {
  /** Reads what was saved; once, at the start. */
  load(): Promise<void>;
  /** A token was used at the API or at the gateway. Cheap; times may come in any order. */
  touch(id: string, at: Date): void;
  /** ISO 8601; undefined when it never was, as far as is known. */
  lastUsedAt(id: string): string | undefined;
  /** Saves what is not yet saved. */
  close(): Promise<void>;
}

/** What a crash may lose. */
const SAVE_MS = 30_000;

export function createTokenUse(deps: {
  readonly saved: TokenUseStore;
  readonly store: Pick<Store, 'state'>;
  readonly log: Log;
  readonly saveMs?: number;
}): TokenUse {
  const { saved, store, log, saveMs = SAVE_MS } = deps;
  const uses = new Map<string, number>();
  let isDirty = false;
  let saving = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const saveNow = async () => {
    if (!isDirty) return;
    isDirty = false;
    const live = new Set(store.state().tokens.map(({ id }) => id));
    for (const id of uses.keys()) if (!live.has(id)) uses.delete(id);
    await saved.save(new Map([...uses].map(([id, at]) => [id, new Date(at).toISOString()])));
  };
  const save = () => {
    timer = undefined;
    saving = saving.then(saveNow).catch((thrown: unknown) => {
      isDirty = true;
      log.warn('The last uses of tokens could not be saved.', { reason: messageOf(thrown) });
    });
  };
  const note = (id: string, at: number): boolean => {
    if (at <= (uses.get(id) ?? -Infinity)) return false;
    uses.set(id, at);
    return true;
  };

  return {
    async load() {
      for (const [id, at] of await saved.load()) note(id, Date.parse(at));
    },
    touch(id, at) {
      if (!note(id, at.getTime())) return;
      isDirty = true;
      timer ??= setTimeout(save, saveMs).unref();
    },
    lastUsedAt: (id) => {
      const at = uses.get(id);
      return at === undefined ? undefined : new Date(at).toISOString();
    },
    async close() {
      clearTimeout(timer);
      save();
      await saving;
    },
  };
}
