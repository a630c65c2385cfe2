import { Mutex } from 'async-mutex';
import { mkdir } from 'node:fs/promises';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { AuditEntry } from './audit-entry.js';
import { beginAuditFile, openNewestAuditFile, type AuditFile } from './audit-file.js';
import { pruneAuditFiles, type Retention } from './audit-files.js';
import type { AuditHealth } from './audit-log.js';

/** What may be tuned; the defaults are for the real world. */
export interface WriterLimits {
  /** A file that has reached this is closed and another one begun. */
  readonly fileBytes: number;
  /** Entries that wait for a disk that takes none; further ones are counted and dropped. */
  readonly queue: number;
  readonly syncMs: number;
  readonly retryMs: number;
}

export const WRITER_LIMITS: WriterLimits = {
  fileBytes: 10 * 1024 * 1024,
  queue: 10_000,
  syncMs: 200,
  retryMs: 1000,
};

interface AuditWriterDeps {
  readonly directory: string;
  readonly retention: Retention;
  readonly clock: () => Date;
  readonly log: Log;
  readonly limits: WriterLimits;
}

/** Appends entries to files in the order in which they come, in the background. */
export class AuditWriter {
  readonly #deps: AuditWriterDeps;
  /** All work on files, one after the other. */
  readonly #files = new Mutex();
  readonly #queue: AuditEntry[] = [];
  #file: AuditFile | undefined;
  #scheduled = false;
  #dropped = 0;
  #fault: string | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(deps: AuditWriterDeps) {
    this.#deps = deps;
  }

  append(entry: AuditEntry): void {
    if (this.#queue.length >= this.#deps.limits.queue) {
      this.#dropped += 1 + (entry.dropped ?? 0);
      return;
    }
    const dropped = this.#dropped + (entry.dropped ?? 0);
    this.#dropped = 0;
    this.#queue.push(dropped === 0 ? entry : { ...entry, dropped });
    this.#writeSoon();
  }

  /** Tries to write everything that waits; what the disk refuses is told by `health`. */
  flush(): Promise<void> {
    return this.#files.runExclusive(() => this.#drain());
  }

  health(): AuditHealth {
    if (this.#fault === undefined) return { writable: true };
    return { writable: false, reason: this.#fault, waiting: this.#queue.length };
  }

  /** Writes and syncs what waits. Entries that the disk refuses even now are lost, and that is logged. */
  async close(): Promise<void> {
    await this.flush();
    await this.#files.runExclusive(async () => {
      clearTimeout(this.#retryTimer);
      await this.#attempt(() => this.#leaveFile());
    });
    const lost = this.#queue.length + this.#dropped;
    if (lost > 0) this.#deps.log.error('Audit entries are lost.', { entries: lost });
  }

  #writeSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.flush().catch((thrown: unknown) => this.#failed(thrown));
  }

  async #drain(): Promise<void> {
    this.#scheduled = false;
    if (this.#queue.length === 0) return;
    const done = await this.#attempt(async () => {
      for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
        await this.#writeBatch(await this.#fileFor(next));
      }
    });
    if (done) {
      this.#recovered();
      this.#syncSoon();
    }
  }

  /** As many entries as belong into the file, and at least one. */
  async #writeBatch(file: AuditFile): Promise<void> {
    const lines: string[] = [];
    let bytes = file.size;
    for (const entry of this.#queue) {
      const line = `${JSON.stringify(entry)}\n`;
      bytes += Buffer.byteLength(line);
      const fits = bytes <= this.#deps.limits.fileBytes && dayOf(entry) <= file.day;
      if (lines.length > 0 && !fits) break;
      lines.push(line);
    }
    await file.append(lines.join(''));
    this.#queue.splice(0, lines.length);
  }

  /** The open file, or a new one when that is full or of an earlier day. */
  async #fileFor(entry: AuditEntry): Promise<AuditFile> {
    const { directory, clock, limits } = this.#deps;
    if (this.#file === undefined) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      this.#file = await openNewestAuditFile(directory);
    }
    if (this.#file === undefined || isOver(this.#file, entry, limits)) {
      await this.#leaveFile();
      // Named by the entry: it may have waited over midnight.
      this.#file = await beginAuditFile(directory, new Date(entry.time));
      await this.#prune(clock());
    }
    return this.#file;
  }

  async #prune(now: Date): Promise<void> {
    const { directory, retention, log } = this.#deps;
    try {
      const files = await pruneAuditFiles(directory, retention, now);
      if (files.length > 0) log.info('Old audit files were removed.', { files });
    } catch (thrown) {
      // Entries can still be written, which matters more.
      log.warn('Old audit files could not be removed.', { reason: messageOf(thrown) });
    }
  }

  async #leaveFile(): Promise<void> {
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      this.#files
        .runExclusive(() => this.#attempt(async () => this.#file?.sync()))
        .catch((thrown: unknown) => this.#failed(thrown));
    }, this.#deps.limits.syncMs).unref();
  }

  /** @returns whether it worked; after a fault the file is opened anew */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.#failed(thrown);
      await this.#leaveFile().catch(() => undefined);
      return false;
    }
  }

  #failed(thrown: unknown): void {
    const { log, limits } = this.#deps;
    if (this.#fault === undefined) {
      log.error('Audit entries cannot be written; they wait in memory.', {
        reason: messageOf(thrown),
      });
    }
    this.#fault = messageOf(thrown);
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = undefined;
      this.#writeSoon();
    }, limits.retryMs).unref();
  }

  #recovered(): void {
    if (this.#fault === undefined) return;
    this.#fault = undefined;
    this.#deps.log.info('Audit entries are written again.');
  }
}

function isOver(file: AuditFile, entry: AuditEntry, { fileBytes }: WriterLimits): boolean {
  return file.size >= fileBytes || dayOf(entry) > file.day;
}

function dayOf(entry: AuditEntry): string {
  return entry.time.slice(0, 10);
}
