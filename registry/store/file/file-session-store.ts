import session, { type SessionData } from 'express-session';
import { Low } from 'lowdb';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import {
  entriesOf,
  sessionEntryOf,
  type SessionDirectory,
  type SessionEntry,
} from '../session-directory.js';
import { coalesceWrites } from './coalesced-write.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, removeStaleTemporaries } from './durable-write.js';
import { parseSessionsDocument, type SessionsDocument } from './sessions-document.js';

const FILE = 'sessions.json';
/** Touches come with every request; losing a minute of a session's life in a crash is harmless. */
const TOUCH_WRITE_MS = 60_000;
/** For sessions whose cookie says nothing of it. */
const DEFAULT_LIFE_MS = 24 * 60 * 60 * 1000;

/** A store for express-session in one file. */
export type FileSessionStore = session.Store &
  SessionDirectory & {
    /** Writes what is not yet written. */
    close(): Promise<void>;
  };

interface FileSessionStoreOptions {
  readonly dataDir: string;
  readonly log: Log;
  readonly now?: () => number;
  readonly touchWriteMs?: number;
}

/**
 * Opens `dataDir`/sessions.json. One that cannot be read is replaced by an empty one: sessions may be
 * lost, people log in again.
 */
export async function createFileSessionStore({
  dataDir,
  log,
  now = Date.now,
  touchWriteMs = TOUCH_WRITE_MS,
}: FileSessionStoreOptions): Promise<FileSessionStore> {
  await ensureDirectory(dataDir);
  await removeStaleTemporaries(dataDir, FILE);
  const file = path.join(dataDir, FILE);
  const json = createDurableJsonFile({ file, parse: parseSessionsDocument });
  const db = new Low<SessionsDocument>(json, { version: 1, sessions: {} });
  await db.read().catch((thrown: unknown) => {
    log.warn('the stored sessions are lost; everybody has to log in again', {
      file,
      reason: messageOf(thrown),
    });
  });
  return new LowdbSessionStore({ db, log, now, touchWriteMs });
}

interface Parts {
  readonly db: Low<SessionsDocument>;
  readonly log: Log;
  readonly now: () => number;
  readonly touchWriteMs: number;
}

class LowdbSessionStore extends session.Store implements SessionDirectory {
  readonly #parts: Parts;
  readonly #persist: () => Promise<void>;
  #touchTimer: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
    this.#persist = coalesceWrites(() => {
      this.#sweep();
      return parts.db.write();
    });
  }

  override get(sid: string, callback: (fault: unknown, data?: SessionData | null) => void): void {
    const found = this.#sessions[keyOf(sid)];
    const live = found !== undefined && this.#isLive(found);
    // A copy: what a request does to its session counts only once it is saved.
    const data = live ? (structuredClone(found.data) as unknown as SessionData) : null;
    queueMicrotask(() => callback(null, data));
  }

  override set(sid: string, data: SessionData, callback: Done = ignore): void {
    this.#sessions[keyOf(sid)] = this.#entryOf(data);
    this.#persist().then(() => callback(), callback);
  }

  override destroy(sid: string, callback: Done = ignore): void {
    Reflect.deleteProperty(this.#sessions, keyOf(sid));
    this.#persist().then(() => callback(), callback);
  }

  /** Prolongs a session that exists; one that was destroyed meanwhile does not come back. */
  override touch(sid: string, data: SessionData, callback: () => void = ignore): void {
    const found = this.#sessions[keyOf(sid)];
    if (found !== undefined) {
      const { expiresMs, data: fresh } = this.#entryOf(data);
      this.#sessions[keyOf(sid)] = { expiresMs, data: { ...found.data, cookie: fresh.cookie } };
      this.#writeSoon();
    }
    queueMicrotask(callback);
  }

  sessionsOf(username: string): Promise<SessionEntry[]> {
    const live = Object.values(this.#sessions).filter((stored) => this.#isLive(stored));
    const entries = live.map(({ data, expiresMs }) =>
      sessionEntryOf(data, expiresMs - lifeOf(data)),
    );
    return Promise.resolve(entriesOf(username, entries));
  }

  async endSessions(ids: readonly string[]): Promise<void> {
    for (const [key, { data }] of Object.entries(this.#sessions)) {
      const id = data.publicId;
      if (typeof id === 'string' && ids.includes(id)) Reflect.deleteProperty(this.#sessions, key);
    }
    await this.#persist();
  }

  async close(): Promise<void> {
    this.#cancelTimer();
    await this.#persist();
  }

  get #sessions(): SessionsDocument['sessions'] {
    return this.#parts.db.data.sessions;
  }

  /** Each use prolongs a session by its whole life, by our clock: `cookie.expires` is for the browser. */
  #entryOf(data: SessionData): StoredSession {
    const stored = JSON.parse(JSON.stringify(data)) as StoredSession['data'];
    return { expiresMs: this.#parts.now() + lifeOf(stored), data: stored };
  }

  #isLive({ expiresMs }: StoredSession): boolean {
    return expiresMs > this.#parts.now();
  }

  #sweep(): void {
    for (const [key, stored] of Object.entries(this.#sessions)) {
      if (!this.#isLive(stored)) Reflect.deleteProperty(this.#sessions, key);
    }
  }

  #writeSoon(): void {
    this.#touchTimer ??= setTimeout(() => {
      this.#cancelTimer();
      this.#persist().catch((thrown: unknown) =>
        this.#parts.log.warn('sessions could not be saved', { reason: messageOf(thrown) }),
      );
    }, this.#parts.touchWriteMs).unref();
  }

  #cancelTimer(): void {
    clearTimeout(this.#touchTimer);
    this.#touchTimer = undefined;
  }
}

type StoredSession = SessionsDocument['sessions'][string];

function lifeOf({ cookie }: StoredSession['data']): number {
  const { originalMaxAge } = cookie;
  return typeof originalMaxAge === 'number' ? originalMaxAge : DEFAULT_LIFE_MS;
}

type Done = (fault?: unknown) => void;

function ignore(): void {
  // express-session calls without a callback where it does not care for the outcome.
}

/** The file must not hold ids that somebody who reads it could use. */
function keyOf(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}
