import { Mutex } from 'async-mutex';
import { messageOf, RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import type { RegistryState } from '../store/store.js';
import { concernedBy, isSameAccess, isSamePeople } from './access-change.js';
import type { GateDirectory } from './gate-directory.js';
import { gateText, learnedRecordIn } from './gate-text.js';
import { createGateMirror, type GateMirror } from './gate-mirror.js';
import type { GateRecord } from './gate-record.js';
import { createLearnedRecords, type LearnedRecords } from './learned-records.js';
import { createRecordTexts, fingerprintOf } from './record-texts.js';

/** Keeps the gate directory equal to what the registry decided. One thing at a time; the newest state wins. */
export interface GateRecords {
  /**
   * Makes the directory equal to the state, whatever lies in it: at a start. From then on it is looked after every
   * minute. Learned records stay as long as they hold.
   * @throws RegistryError `gate-write-failed`; it is tried again every minute
   */
  sync(state: RegistryState): Promise<void>;
  /**
   * Brings what a commit changed to the gate. Once it resolves, the next request finds it.
   * @throws RegistryError `gate-write-failed`; it is tried again every minute
   */
  changed(state: RegistryState, before: RegistryState): Promise<void>;
  /**
   * Notes what was found out about a token that is not ours, or that is worth nothing.
   * @param asOf the state that the record was made from
   * @returns false when groups or accounts have changed since: then nothing is written, and the record has to be
   *   made again
   * @throws RegistryError `gate-write-failed`
   */
  learn(sha256: string, record: GateRecord, asOf: RegistryState): Promise<boolean>;
  /** Takes back what was learned of a token. @throws RegistryError `gate-write-failed` */
  forget(sha256: string): Promise<void>;
  /** Removes what has expired, and repairs what could not be written or has vanished. @throws as `sync` */
  sweep(now: Date): Promise<void>;
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;
const MAX_LEARNED = 10_000;

interface GateRecordsDeps {
  readonly directory: GateDirectory;
  /** The installation's key, for session bindings. */
  readonly secretKey: string;
  readonly clock: () => Date;
  readonly log: Log;
  readonly maxLearned?: number;
}

/** Gate records in a directory; nothing happens before `sync`. */
export function createGateRecords(deps: GateRecordsDeps): GateRecords {
  return new DirectoryGateRecords(deps);
}

class DirectoryGateRecords implements GateRecords {
  readonly #deps: GateRecordsDeps;
  readonly #mutex = new Mutex();
  readonly #texts: ReturnType<typeof createRecordTexts>;
  readonly #mirror: GateMirror;
  readonly #learned: LearnedRecords;
  #newest: RegistryState | undefined;
  /** The state that the directory is known to be equal to; undefined while it is in doubt. */
  #standing: RegistryState | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: GateRecordsDeps) {
    this.#deps = deps;
    this.#texts = createRecordTexts(deps.secretKey);
    this.#mirror = createGateMirror(deps.directory);
    this.#learned = createLearnedRecords(deps.maxLearned ?? MAX_LEARNED);
  }

  async sync(state: RegistryState): Promise<void> {
    const { clock, log } = this.#deps;
    this.#timer ??= setInterval(() => {
      this.sweep(clock()).catch((thrown: unknown) =>
        log.error('gate records could not be repaired', { reason: messageOf(thrown) }),
      );
    }, SWEEP_MS).unref();
    await this.#alone(() => this.#rebuild(this.#note(state), clock()));
  }

  async changed(state: RegistryState, before: RegistryState): Promise<void> {
    if (isSameAccess(state, before)) return;
    await this.#alone(async () => {
      const newest = this.#note(state);
      // Before the first sync nothing is known of the directory, and that sync will see to this as well.
      if (this.#timer !== undefined) await this.#follow(newest, this.#deps.clock());
    });
  }

  learn(sha256: string, record: GateRecord, asOf: RegistryState): Promise<boolean> {
    const { directory } = this.#deps;
    return this.#alone(async () => {
      if (!isSamePeople(asOf, this.#newest ?? asOf)) return false;
      // What the registry decided itself is never overwritten by what was found out.
      if (this.#mirror.has(sha256)) return true;
      await this.#attempt(async () => {
        for (const old of this.#learned.add(sha256, record)) await directory.remove(old);
        await directory.write(sha256, gateText({ ...record, learned: true }));
      });
      return true;
    });
  }

  async forget(sha256: string): Promise<void> {
    await this.#alone(async () => {
      if (!this.#learned.has(sha256)) return;
      await this.#attempt(() => this.#deps.directory.remove(sha256));
      this.#learned.remove(sha256);
    });
  }

  async sweep(now: Date): Promise<void> {
    await this.#alone(async () => {
      if (this.#newest !== undefined) await this.#follow(this.#newest, now);
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#mutex.waitForUnlock();
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.runExclusive(work);
  }

  /** Commits are told in the order in which their callers wake up, which need not be their own. */
  #note(state: RegistryState): RegistryState {
    if (this.#newest === undefined || state.revision > this.#newest.revision) this.#newest = state;
    return this.#newest;
  }

  /** Writes the differences alone. */
  async #follow(state: RegistryState, now: Date): Promise<void> {
    const standing = this.#standing;
    // Somebody may have emptied the directory: systemd does so in /dev/shm when a user logs out (RemoveIPC=).
    if (standing === undefined || !(await this.#deps.directory.isReady())) {
      return this.#rebuild(state, now);
    }
    const stale = [
      ...this.#learned.expired(now),
      ...this.#learned.admitting(concernedBy(state, standing)),
    ];
    return this.#attempt(async () => {
      await this.#bringAbout(state, now, stale);
      if (!isSamePeople(state, standing)) await this.#setReady(state);
      this.#standing = state;
    });
  }

  /** Looks at every file: what is in doubt is not believed. */
  async #rebuild(state: RegistryState, now: Date): Promise<void> {
    const { directory, log, secretKey } = this.#deps;
    const begin = Date.now();
    await this.#attempt(async () => {
      const said = await directory.begin();
      await this.#takeStock(now, said === fingerprintOf(state, secretKey));
      await this.#bringAbout(state, now, []);
      await this.#setReady(state);
      this.#standing = state;
    });
    log.info('gate records are in place', {
      directory: directory.path,
      count: this.#mirror.size,
      ms: Date.now() - begin,
    });
  }

  /**
   * Reads what lies in the directory. What is no learned record that holds is the mirror's.
   * @param believed whether what learned records admit follows from the groups and accounts of today
   */
  async #takeStock(now: Date, believed: boolean): Promise<void> {
    const found = new Map(await this.#deps.directory.read());
    this.#learned.clear();
    for (const [sha256, text] of found) {
      const record = learnedRecordIn(text);
      if (record === undefined || !mayStay(record, now, believed)) continue;
      this.#learned.add(sha256, record);
    }
    const others = [...found].filter(([sha256]) => !this.#learned.has(sha256));
    this.#mirror.reset(new Map(others));
  }

  async #bringAbout(state: RegistryState, now: Date, stale: readonly string[]): Promise<void> {
    const wanted = this.#texts(state, now);
    await this.#mirror.bringAbout(wanted, stale);
    for (const sha256 of [...stale, ...wanted.keys()]) this.#learned.remove(sha256);
  }

  #setReady(state: RegistryState): Promise<void> {
    return this.#deps.directory.setReady(fingerprintOf(state, this.#deps.secretKey));
  }

  /** After a fault the directory is in doubt, and the next turn looks at all of it. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#standing = undefined;
      throw writeFailed(this.#deps.directory.path, thrown);
    }
  }
}

/** Whether what was learned earlier still holds at a start. */
function mayStay(record: GateRecord, now: Date, believed: boolean): boolean {
  if (record.expires !== undefined && record.expires * 1000 <= now.getTime()) return false;
  return 'refused' in record || (believed && record.lent !== true);
}

function writeFailed(directory: string, cause: unknown): RegistryError {
  return new RegistryError(
    'gate-write-failed',
    `What was decided is stored, but the gateway could not be told (${messageOf(cause)}). Make room in ${directory} or set GATE_DIR to another folder; it is tried again every minute.`,
    { cause },
  );
}
