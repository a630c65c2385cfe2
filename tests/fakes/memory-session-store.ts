import session, { type SessionData } from 'express-session';
import {
  entriesOf,
  sessionEntryOf,
  type SessionDirectory,
} from '../../registry/store/session-directory.js';

/** A store for express-session that forgets everything at the end, by a clock of the test's. */
export type MemorySessionStore = session.Store & SessionDirectory;

export function createMemorySessionStore(clock: () => Date): MemorySessionStore {
  return new MemoryStore(clock);
}

interface Held {
  readonly json: string;
  readonly lifeMs: number;
  seenMs: number;
}

class MemoryStore extends session.Store implements SessionDirectory {
  readonly #held = new Map<string, Held>();
  readonly #clock: () => Date;

  constructor(clock: () => Date) {
    super();
    this.#clock = clock;
  }

  override get(sid: string, callback: (fault: unknown, data?: SessionData | null) => void): void {
    const found = this.#live().get(sid);
    const data = found === undefined ? null : (JSON.parse(found.json) as SessionData);
    queueMicrotask(() => callback(null, data));
  }

  override set(sid: string, data: SessionData, callback?: () => void): void {
    const lifeMs = data.cookie.originalMaxAge ?? 0;
    this.#held.set(sid, { json: JSON.stringify(data), lifeMs, seenMs: this.#clock().getTime() });
    if (callback) queueMicrotask(callback);
  }

  override destroy(sid: string, callback?: () => void): void {
    this.#held.delete(sid);
    if (callback) queueMicrotask(callback);
  }

  override touch(sid: string, _data: SessionData, callback?: () => void): void {
    const found = this.#held.get(sid);
    if (found !== undefined) found.seenMs = this.#clock().getTime();
    if (callback) queueMicrotask(callback);
  }

  sessionsOf(username: string) {
    const held = [...this.#live().values()];
    const entries = held.map(({ json, seenMs }) => sessionEntryOf(JSON.parse(json), seenMs));
    return Promise.resolve(entriesOf(username, entries));
  }

  endSessions(ids: readonly string[]): Promise<void> {
    for (const [sid, { json }] of this.#held) {
      const { publicId } = JSON.parse(json) as { readonly publicId?: string };
      if (publicId !== undefined && ids.includes(publicId)) this.#held.delete(sid);
    }
    return Promise.resolve();
  }

  #live(): ReadonlyMap<string, Held> {
    const now = this.#clock().getTime();
    return new Map([...this.#held].filter(([, { seenMs, lifeMs }]) => seenMs + lifeMs > now));
  }
}
