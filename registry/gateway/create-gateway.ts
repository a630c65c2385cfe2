import { setTimeout as delay } from 'node:timers/promises';
import type { Catalog } from '../catalog/catalog.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { NO_TRACE, type Span } from '../trace.js';
import type { ApplyParts } from './apply/apply-generation.js';
import { ChangeQueue } from './apply/change-queue.js';
import {
  createReconciler,
  type PlanSources,
  type Reconciler,
  type Wish,
} from './apply/reconciler.js';
import type { GenerationNote } from './apply/generation-journal.js';
import { PastOutcomes } from './apply/past-outcomes.js';
import { ReloadPace } from './apply/reload-pace.js';
import { readServedGeneration } from './apply/verify.js';
import type {
  CertificateStatus,
  ConfigFile,
  Gateway,
  GatewayOutcome,
  GatewayStatus,
  KeptGeneration,
  Preview,
} from './gateway.js';
import type { Certificates } from './certificate/certificates.js';
import { makeNginxFolders } from './nginx/nginx-layout.js';
import { signalProcess } from './nginx/processes.js';
import type { GatewaySettings } from './plan/settings.js';
import { previewOf } from './preview.js';
import type { Render } from './render/render-config.js';

/** A configuration that was rejected is tried again; the port may be free, the disk have room by then. */
const RETRY_MS = 15_000;
/** Old workers beyond this are ended, the oldest first, streams or not: memory stays bounded. */
const MAX_DRAINING_WORKERS = 16;
const DRAIN_CHECK_MS = 2000;

export interface GatewayParts extends ApplyParts {
  readonly settings: GatewaySettings;
  readonly render: Render;
  /** What there is to be served, asked afresh for each plan. */
  readonly sources: () => PlanSources;
  /** Absent without HTTPS of our own. */
  readonly certificates?: Certificates;
  readonly log: Log;
}

/** Makes the gateway; `start` brings nginx up. */
export function createGateway(parts: GatewayParts): Gateway {
  return new NginxGateway(parts);
}

/**
 * The loop that makes nginx serve what the catalog says: one at a time, the latest wish wins, and nothing
 * happens when nothing changed.
 */
class NginxGateway implements Gateway {
  readonly #parts: GatewayParts;
  readonly #reconciler: Reconciler;
  readonly #queue = new ChangeQueue();
  readonly #pace = new ReloadPace();
  /** When the last plan was ready, and how long it took, in milliseconds. */
  #planned = { at: 0, took: 0 };
  /** Whether nginx may be told of changes; before, they are only noted. */
  #isOpen = false;
  #started = false;
  #stopped = false;
  #running: Promise<void> | undefined;
  #served = '';
  #appliedAt: string | undefined;
  #fact: Pick<GatewayOutcome, 'state' | 'reason'> = { state: 'pending' };
  #exclusions: GatewayStatus['exclusions'] = [];
  #reloads = 0;
  readonly #outcomes = new PastOutcomes();
  readonly #listeners = new Set<() => void>();
  #version: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #drainWatch: NodeJS.Timeout | undefined;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#reconciler = createReconciler(parts.settings, parts.render, parts, parts.log);
  }

  async start(): Promise<void> {
    const { runtime, store, layout, target, log } = this.#parts;
    makeNginxFolders(layout);
    await this.#parts.certificates?.look();
    this.#parts.certificates?.start(() => this.changed('soon'));
    store.cleanUp();
    this.#version = await runtime.version();
    if (runtime.pid() !== undefined) {
      // Streams run through it: an nginx that serves what we want already is not touched.
      this.#served = (await readServedGeneration(target)) ?? '';
      await runtime.start();
    }
    this.#drainWatch = setInterval(() => {
      this.#endOldestDrainingWorkers();
      // Workers and nginx itself end without a word to us.
      this.#tell();
    }, DRAIN_CHECK_MS).unref();
    this.#isOpen = true;
    this.changed('at-once');
    await this.#running;
    this.#started = true;
    // Stopped meanwhile: what is started now would be left behind.
    if (this.#stopped) return;
    if (runtime.pid() === undefined && store.current() !== undefined) {
      // What we want cannot be applied; the last good configuration is better than none.
      await runtime
        .start()
        .catch((error: unknown) => log.error('nginx is down', { reason: messageOf(error) }));
      this.#served = (await readServedGeneration(target)) ?? '';
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#parts.certificates?.stop();
    clearTimeout(this.#retry);
    clearInterval(this.#drainWatch);
    this.#pace.hurry();
    await this.#running;
    this.#queue.settle(this.#queue.newest, this.#outcome());
    await this.#parts.runtime.stop();
  }

  changed(urgency: 'soon' | 'at-once'): void {
    this.#queue.note();
    this.#pace.note();
    if (urgency === 'at-once') this.#pace.hurry();
    if (!this.#isOpen || this.#stopped) return;
    this.#running ??= this.#loop();
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reopenLogs(): boolean {
    return this.#parts.runtime.reopenLogs();
  }

  outcome(withinMs: number): Promise<GatewayOutcome> {
    const pending = (): GatewayOutcome => ({ state: 'pending', generation: this.#served });
    // Waiting for what cannot come in time helps nobody, least of all a script with a hundred changes.
    return this.#queue.outcome(this.#pace.remaining > withinMs ? 0 : withinMs, pending);
  }

  status(): GatewayStatus {
    const { runtime } = this.#parts;
    const down = this.#started ? runtime.downReason() : undefined;
    const pid = runtime.pid();
    const certificate = this.#parts.certificates?.status();
    const fact = factOf(down, this.#fact, certificate);
    return {
      ...(this.#running === undefined ? fact : { ...fact, state: 'pending' as const }),
      generation: this.#served,
      ...(this.#appliedAt !== undefined && { appliedAt: this.#appliedAt }),
      exclusions: this.#exclusions,
      ...(certificate !== undefined && { certificate }),
      outcomes: this.#outcomes.list,
      drainingWorkers: runtime.workers().draining.length,
      reloads: this.#reloads,
      nginx: {
        mode: runtime.mode,
        ...(pid !== undefined && { pid }),
        ...(this.#version !== undefined && { version: this.#version }),
      },
    };
  }

  liveFiles(): readonly ConfigFile[] {
    return this.#served === '' ? [] : this.#parts.store.read(this.#served);
  }

  generations(): readonly KeptGeneration[] {
    const served = this.#served;
    return this.#parts.store.list().map((kept) => ({ ...kept, live: kept.generation === served }));
  }

  generationFiles(generation: string): readonly ConfigFile[] | undefined {
    const { store } = this.#parts;
    // Not a path made of what a caller wrote: only what is there.
    const isKept = store.list().some((kept) => kept.generation === generation);
    return isKept ? store.read(generation) : undefined;
  }

  preview(catalog: Catalog, paths: readonly string[]): Preview {
    const sources = { ...this.#parts.sources(), catalog };
    return previewOf(sources, paths, (from) => this.#reconciler.wish(from), this.#served);
  }

  async #loop(): Promise<void> {
    // Changes that are made in the same turn of the event loop are one.
    await Promise.resolve();
    try {
      while (!this.#queue.isSettled && !this.#stopped) await this.#round();
    } finally {
      // In the same step as the last look at the queue: a change that came in between would wait for the next one.
      this.#running = undefined;
      this.#tell();
    }
  }

  async #round(): Promise<void> {
    const { trace = NO_TRACE } = this.#parts;
    try {
      await trace.span('gateway apply', (span) => this.#reconcile(span));
    } catch (error) {
      this.#reject(messageOf(error), undefined);
      this.#queue.settle(this.#queue.newest, this.#outcome());
    }
  }

  /** Nothing when nothing changed, else as soon as a reload is welcome, with the newest wish. */
  async #reconcile(span: Span): Promise<void> {
    await this.#breathe();
    const seen = this.#queue.newest;
    const begin = performance.now();
    const wish = this.#reconciler.wish(this.#parts.sources());
    this.#planned = { at: performance.now(), took: performance.now() - begin };
    this.#exclusions = wish.plan.exclusions;
    if (wish.generation.id === this.#served && this.#parts.runtime.pid() !== undefined) {
      this.#fact = { state: 'applied' };
      this.#note(wish);
      this.#queue.settle(seen, { state: 'unchanged', generation: this.#served });
      span.note({ 'mcp_gateway.state': 'unchanged' });
      return;
    }
    await this.#pace.turn();
    const upTo = this.#queue.newest;
    // Planning thousands of servers takes its time; what is still true is not worked out again.
    await this.#apply(upTo === seen ? wish : undefined);
    span.note({
      'mcp_gateway.state': this.#fact.state,
      'mcp_gateway.generation': this.#served,
    });
    if (this.#fact.state === 'rejected') span.fail('rejected');
    this.#queue.settle(upTo, this.#outcome());
  }

  /** Planning takes a third of the time at the most, however fast the world changes. */
  async #breathe(): Promise<void> {
    const { at, took } = this.#planned;
    const wait = at + 2 * took - performance.now();
    if (wait > 0) await delay(wait);
  }

  async #apply(wish: Wish | undefined): Promise<void> {
    const begin = performance.now();
    const before = this.#parts.store.current();
    const applied = await this.#reconciler.bringAbout(this.#parts.sources(), wish);
    this.#exclusions = applied.wish.plan.exclusions;
    if (applied.state !== 'applied') {
      const reason = applied.state === 'rejected' ? applied.reason : applied.message;
      this.#reject(reason, applied.wish.revision);
      return;
    }
    this.#served = applied.wish.generation.id;
    this.#appliedAt = new Date().toISOString();
    this.#fact = { state: 'applied' };
    // After a start the same one may be applied anew, and came of what it came of before.
    const isOther = before !== this.#served;
    this.#note(applied.wish, isOther && { origin: this.#originOf(applied.wish, before) });
    this.#outcomes.note({
      at: this.#appliedAt,
      state: 'applied',
      generation: this.#served,
      revision: applied.wish.revision,
    });
    if (applied.reloaded) {
      this.#reloads += 1;
      this.#pace.reloaded(performance.now() - begin);
    }
    this.#tidyUp();
    this.#parts.log.info('configuration applied', {
      generation: this.#served,
      excluded: this.#exclusions.length,
    });
  }

  /** What nginx serves is applied, whatever becomes of this. */
  #tidyUp(): void {
    const { store, log } = this.#parts;
    try {
      store.retireAllBut(this.#served);
      store.cleanUp();
    } catch (error) {
      log.warn('earlier generations could not be tidied up', { reason: messageOf(error) });
    }
  }

  /** The served generation is what this revision of the catalog gives as well. */
  #note({ revision }: Wish, origin: Pick<GenerationNote, 'origin'> | false = false): void {
    const appliedAt = this.#appliedAt;
    try {
      this.#parts.store.note(this.#served, {
        ...(appliedAt !== undefined && { appliedAt }),
        revision,
        ...origin,
      });
    } catch (error) {
      this.#parts.log.warn('what was applied could not be noted', { reason: messageOf(error) });
    }
  }

  /** @param before the generation that was served until now */
  #originOf({ revision }: Wish, before: string | undefined): GenerationNote['origin'] {
    const noted = before === undefined ? undefined : this.#parts.store.noted(before);
    // A catalog from a backup may be older than the one before it; then nothing can be said.
    if (noted?.appliedAt === undefined || noted.revision > revision) return undefined;
    return { after: noted.revision, upTo: revision, since: noted.appliedAt };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #reject(reason: string, revision: number | undefined): void {
    this.#fact = { state: 'rejected', reason };
    this.#outcomes.note({
      at: new Date().toISOString(),
      state: 'rejected',
      generation: this.#served,
      reason,
      ...(revision !== undefined && { revision }),
    });
    this.#parts.log.error('configuration rejected; the last good one is served', {
      reason,
      generation: this.#served,
    });
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.changed('soon');
    }, RETRY_MS).unref();
  }

  #outcome(): GatewayOutcome {
    return { ...this.#fact, generation: this.#served };
  }

  #endOldestDrainingWorkers(): void {
    const { draining } = this.#parts.runtime.workers();
    for (const pid of draining.slice(0, Math.max(0, draining.length - MAX_DRAINING_WORKERS))) {
      this.#parts.log.warn('an old nginx worker is ended: too many are draining', { pid });
      signalProcess(pid, 'SIGTERM');
    }
  }
}

/**
 * The most pressing fact comes first. A certificate that is not taken holds up no other change, but what is wished for
 * is not what is served.
 */
function factOf(
  down: string | undefined,
  fact: Pick<GatewayOutcome, 'state' | 'reason'>,
  certificate: CertificateStatus | undefined,
): Pick<GatewayOutcome, 'state' | 'reason'> {
  const refusal = certificate?.reason;
  // Without any certificate nginx does not run, and that is only the consequence.
  if (refusal !== undefined && certificate?.state === 'missing') {
    return { state: 'rejected', reason: refusal };
  }
  if (down !== undefined) return { state: 'rejected', reason: down };
  if (fact.state === 'rejected' || refusal === undefined) return fact;
  return { state: 'rejected', reason: refusal };
}
