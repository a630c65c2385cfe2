import session, { type SessionData } from 'express-session';
import { Low } from 'lowdb';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { coalesceWrites } from './coalesced-write.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, removeStaleTemporaries } from './durable-write.js';
import { parseSessionsDocument, type SessionsDocument } from './sessions-document.js';

const FILE = 'sessions.json';
/** Touches come with every request; losing a minute of a session's life in a crash is harmless. */
const TOUCH_WRITE_MS = 60_000;
/** For session cookies without an end of their own. */
const DEFAULT_LIFE_MS = 24 * 60 * 60 * 1000;

/** A store for express-session in one file. */
export type FileSessionStore = session.Store & {
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

class LowdbSessionStore extends session.Store {
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
    const live = found !== undefined && found.expiresMs > this.#parts.now();
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

  async close(): Promise<void> {
    this.#cancelTimer();
    await this.#persist();
  }

  get #sessions(): SessionsDocument['sessions'] {
    return this.#parts.db.data.sessions;
  }

  #entryOf(data: SessionData): SessionsDocument['sessions'][string] {
    const stored = JSON.parse(JSON.stringify(data)) as SessionsDocument['sessions'][string]['data'];
    const end = Date.parse(String(stored.cookie.expires));
    const life = data.cookie.originalMaxAge ?? DEFAULT_LIFE_MS;
    return { expiresMs: Number.isNaN(end) ? this.#parts.now() + life : end, data: stored };
  }

  #sweep(): void {
    const now = this.#parts.now();
    for (const [key, { expiresMs }] of Object.entries(this.#sessions)) {
      if (expiresMs <= now) Reflect.deleteProperty(this.#sessions, key);
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

type Done = (fault?: unknown) => void;

function ignore(): void {
  // express-session calls without a callback where it does not care for the outcome.
}

/** The file must not hold ids that somebody who reads it could use. */
function keyOf(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}
