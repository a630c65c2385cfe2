import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { UsageStore } from '../store/store.js';
import { parseLogLine, type CallRecord } from './call-record.js';
import type { LogFile, LogFiles } from './log-files.js';
import { LogReader, type ReadTrouble } from './log-reader.js';
import type { LogRotation } from './log-rotation.js';
import type { UsageArchive } from './usage-archive.js';
import { UsageBook } from './usage-book.js';
import type { FlatBucket } from './usage-bucket.js';
import { INTERVALS, type Interval } from './usage-level.js';
import { loadUsageState, type ClosedBucket, type UsageState } from './usage-state.js';

const TICK_MS = 1000;
const COMMIT_MS = 2000;
/** Writing takes no more than this share of the time, however much there is to be written. */
const COMMIT_SHARE = 0.05;
/** After so much the rest waits for the next turn, and the log is looked at as well. */
const TURN_BYTES = 16 * 1024 * 1024;
/** With more than this to read, nobody is spared any longer: files that are full are removed in the end. */
const HURRY_BYTES = 64 * 1024 * 1024;
const PRUNE_MS = 600_000;
/** A call cannot have ended in the future: one such line would close every bucket until then. */
const MAX_AHEAD_MS = 5000;

/** Reads nginx's log for as long as it runs, and counts. */
export interface UsageCollector {
  start(): Promise<void>;
  /** Reads what nginx has written in the end, and saves everything. */
  stop(): Promise<void>;
  /** What is counted and not in the archive yet. */
  open(interval: Interval): readonly FlatBucket[];
  readonly figures: UsageFigures;
}

export interface UsageFigures {
  /** Lines that could not be read, since there are statistics. */
  torn: number;
  /** Bytes of the log that had to be removed before they were read, since there are statistics. */
  lostBytes: number;
  /** What is to be read, as of the last look. */
  unreadBytes: number;
  /** Why the last turn failed; undefined when it did not. */
  fault: string | undefined;
}

interface CollectorDeps {
  readonly store: UsageStore;
  readonly archive: UsageArchive;
  readonly files: LogFiles;
  readonly rotation: LogRotation;
  readonly onCall: (record: CallRecord) => void;
  readonly clock: () => Date;
  readonly log: Log;
  readonly tickMs?: number;
}

export function createUsageCollector(deps: CollectorDeps): UsageCollector {
  return new Collector(deps);
}

class Collector implements UsageCollector {
  readonly figures: UsageFigures = { torn: 0, lostBytes: 0, unreadBytes: 0, fault: undefined };
  readonly #deps: CollectorDeps;
  #book = new UsageBook();
  #reader: LogReader;
  /** Closed and not in the archive yet. */
  readonly #closed: ClosedBucket[] = [];
  #newest = 0;
  #dirty = false;
  #committed = { at: 0, took: 0 };
  #prunedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #loaded = false;
  #hasRead = false;
  #stopped = false;

  constructor(deps: CollectorDeps) {
    this.#deps = deps;
    this.#reader = new LogReader([], this.#trouble());
  }

  start(): Promise<void> {
    this.#stopped = false;
    return this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    this.#committed = { at: 0, took: 0 };
    await this.#turn();
  }

  open(interval: Interval): readonly FlatBucket[] {
    const closed = this.#closed.filter((of) => of.interval === interval);
    return [...closed.map(({ bucket }) => bucket), ...this.#book.open(interval).buckets];
  }

  async #run(): Promise<void> {
    const turn = this.#turn();
    this.#running = turn;
    await turn;
    if (this.#stopped) return;
    const wait = this.figures.unreadBytes > 0 ? 0 : (this.#deps.tickMs ?? TICK_MS);
    const again = () => {
      // What a turn throws is told by the turn.
      this.#run().catch(() => undefined);
    };
    this.#timer = setTimeout(again, wait).unref();
  }

  /** One at a time. What fails is tried again at the next turn, from where it failed. */
  async #turn(): Promise<void> {
    const { log } = this.#deps;
    try {
      if (!this.#loaded) await this.#load();
      await this.#read();
      this.#hasRead = true;
      await this.#commit();
      this.figures.fault = undefined;
    } catch (thrown) {
      const reason = messageOf(thrown);
      if (this.figures.fault !== reason) log.error('calls cannot be counted', { reason });
      this.figures.fault = reason;
      this.figures.unreadBytes = 0;
    }
  }

  async #load(): Promise<void> {
    const { store, files, log } = this.#deps;
    const state = await loadUsageState(store, log);
    if (state === 'unreadable') {
      // What was counted of these files is in the archive: they are not counted again.
      for (const file of await files.list()) await this.#reader.skip(file);
    } else if (state !== undefined) {
      this.#book = new UsageBook(state.book);
      this.#reader = new LogReader(state.positions, this.#trouble());
      Object.assign(this.figures, state.counts);
      this.#closed.push(...state.closed);
      this.#dirty = state.closed.length > 0;
    }
    this.#loaded = true;
  }

  async #read(): Promise<void> {
    const { files, rotation, clock } = this.#deps;
    const found = await files.list();
    let left = TURN_BYTES;
    for (const file of found) {
      left -= await this.#readFile(file, left);
      if (left <= 0) break;
    }
    const lost = await rotation.turn(clock(), (file) => this.#reader.unread(file));
    const kept = await files.list();
    this.#reader.keepOnly(kept);
    this.figures.lostBytes += lost;
    this.figures.unreadBytes = left > 0 ? 0 : sumOf(kept, (file) => this.#reader.unread(file));
    const now = clock().getTime();
    this.#close(left > 0 ? now : Math.min(this.#newest, now));
  }

  /** A file that vanishes meanwhile is no fault. */
  async #readFile(file: LogFile, limit: number): Promise<number> {
    const latest = this.#deps.clock().getTime() + MAX_AHEAD_MS;
    try {
      const take = (line: string) => this.#take(line, latest);
      return await this.#reader.read(
        file,
        limit,
        take,
        pausesOf(() => this.#isHurried),
      );
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw thrown;
    }
  }

  /** A start waits for the first turn, and an end for the last one. */
  get #isHurried(): boolean {
    return !this.#hasRead || this.#stopped || this.figures.unreadBytes > HURRY_BYTES;
  }

  #take(text: string, latest: number): void {
    this.#dirty = true;
    const line = parseLogLine(text);
    if (line.kind === 'torn') this.figures.torn += 1;
    if (line.kind !== 'call') return;
    const record = line.record.at <= latest ? line.record : { ...line.record, at: latest };
    this.#newest = Math.max(this.#newest, record.at);
    this.#book.add(record);
    this.#deps.onCall(record);
  }

  #close(readUpTo: number): void {
    const closed = this.#book.close(readUpTo);
    for (const interval of INTERVALS) {
      for (const bucket of closed[interval]) this.#closed.push({ interval, bucket });
    }
    if (this.#closed.length > 0) this.#dirty = true;
  }

  /**
   * The state first, with the buckets that are closed and not archived: what a crash in between leaves is archived at the
   * next start, as it was closed. Archived first and read anew after a crash, a late call could fall into another bucket
   * than the archived one.
   */
  async #commit(): Promise<void> {
    const { archive, store, clock } = this.#deps;
    const begin = clock().getTime();
    const { at, took } = this.#committed;
    const pause = Math.max(COMMIT_MS, took / COMMIT_SHARE);
    if (!this.#dirty || (begin - at < pause && begin >= at)) return;
    await store.writeState(JSON.stringify(this.#state()));
    // The next state is to be without them; to archive a bucket twice does no harm.
    this.#dirty = this.#closed.length > 0;
    for (let next = this.#closed[0]; next !== undefined; next = this.#closed[0]) {
      await archive.add(next.interval, next.bucket);
      this.#closed.shift();
    }
    const end = clock().getTime();
    this.#committed = { at: end, took: end - begin };
    if (Math.abs(end - this.#prunedAt) < PRUNE_MS) return;
    this.#prunedAt = end;
    await archive.prune(end);
  }

  #state(): UsageState {
    const { torn, lostBytes } = this.figures;
    return {
      version: 1,
      positions: [...this.#reader.positions()],
      book: this.#book.flat(),
      closed: [...this.#closed],
      counts: { torn, lostBytes },
    };
  }

  #trouble(): ReadTrouble {
    return {
      endless: () => {
        this.#dirty = true;
        this.figures.torn += 1;
      },
      replaced: (file) => {
        this.#deps.log.warn('the access log is another one than before; it is read anew', { file });
      },
    };
  }
}

/**
 * Rests as long as there was work since the last rest. A second of a busy nginx's log is half a second of work, and all of it
 * at once keeps calls from a processor for a tenth of a second.
 */
function pausesOf(isHurried: () => boolean): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (!isHurried()) await delay(performance.now() - since);
    since = performance.now();
  };
}

function sumOf(files: readonly LogFile[], of: (file: LogFile) => number): number {
  return files.reduce((sum, file) => sum + of(file), 0);
}
