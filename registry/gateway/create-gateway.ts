import type { Catalog } from '../catalog/catalog.js';
import type { Log } from '../log.js';
import type { ApplyParts } from './apply/apply-generation.js';
import { createReconciler, type PlanSources } from './apply/reconciler.js';
import { ReloadPace } from './apply/reload-pace.js';
import { readServedGeneration } from './apply/verify.js';
import type { ConfigFile, Gateway, GatewayOutcome, GatewayStatus, Preview } from './gateway.js';
import { makeNginxFolders } from './nginx/nginx-layout.js';
import { signalProcess } from './nginx/processes.js';
import type { GatewaySettings } from './plan/settings.js';
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
  readonly log: Log;
}

/**
 * The loop that makes nginx serve what the catalog says: one at a time, the latest wish wins, and nothing
 * happens when nothing changed.
 */
export function createGateway(parts: GatewayParts): Gateway {
  const { runtime, store, log } = parts;
  const reconciler = createReconciler(parts.settings, parts.render, parts, log);
  const pace = new ReloadPace();
  const waiters: { readonly change: number; readonly settle: (outcome: GatewayOutcome) => void }[] = [];
  let changes = 0;
  let settled = 0;
  let urgent = false;
  let stopped = false;
  let running: Promise<void> | undefined;
  let resume: (() => void) | undefined;
  let nextReloadAt = 0;
  let reloads = 0;
  let appliedAt: string | undefined;
  let version: string | undefined;
  let served = '';
  let last: { state: GatewayOutcome['state']; reason?: string } = { state: 'pending', reason: 'starting' };
  let exclusions: GatewayStatus['exclusions'] = [];
  let retry: NodeJS.Timeout | undefined;
  let drainWatch: NodeJS.Timeout | undefined;

  let lastSettled: GatewayOutcome = { state: 'pending', generation: '' };

  const outcomeNow = (): GatewayOutcome => ({ ...last, generation: served });

  const settle = (upTo: number, outcome: GatewayOutcome): void => {
    settled = Math.max(settled, upTo);
    lastSettled = outcome;
    for (const waiter of waiters.splice(0)) {
      if (waiter.change <= upTo) waiter.settle(outcome);
      else waiters.push(waiter);
    }
  };

  /** Waits until a reload is welcome, somebody takes something away, or the gateway stops. */
  const paced = async (): Promise<void> => {
    const wait = pace.wait(Date.now());
    if (wait === 0 || urgent || stopped) return;
    nextReloadAt = Date.now() + wait;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    resume = undefined;
    nextReloadAt = 0;
  };

  const reconcile = async (): Promise<GatewayOutcome> => {
    const wish = reconciler.wish(parts.sources());
    exclusions = wish.plan.exclusions;
    if (wish.generation.id === served && runtime.pid() !== undefined) {
      last = { state: 'applied' };
      return { state: 'unchanged', generation: served };
    }
    await paced();
    urgent = false;
    const upTo = changes;
    const applied = await reconciler.bringAbout(parts.sources());
    settled = upTo;
    exclusions = applied.wish.plan.exclusions;
    if (applied.state === 'applied') {
      served = applied.wish.generation.id;
      appliedAt = new Date().toISOString();
      if (applied.reloaded) {
        reloads += 1;
        pace.reloaded(Date.now());
      }
      last = { state: 'applied' };
      store.cleanUp();
      log.info('configuration applied', { generation: served, excluded: exclusions.length });
    } else {
      const reason = applied.state === 'rejected' ? applied.reason : applied.message;
      last = { state: 'rejected', reason };
      log.error('configuration rejected; the last good one is served', { reason, generation: served });
      retry ??= setTimeout(() => {
        retry = undefined;
        changed('soon');
      }, RETRY_MS).unref();
    }
    return outcomeNow();
  };

  const loop = async (): Promise<void> => {
    while (settled < changes && !stopped) {
      const upTo = changes;
      try {
        const outcome = await reconcile();
        settle(Math.max(upTo, settled), outcome);
      } catch (error) {
        last = { state: 'rejected', reason: String(error) };
        log.error('the gateway loop failed', { error: String(error) });
        settle(upTo, outcomeNow());
      }
    }
  };

  const changed: Gateway['changed'] = (urgency) => {
    changes += 1;
    if (urgency === 'at-once') {
      urgent = true;
      resume?.();
    }
    if (stopped) return;
    running ??= loop().finally(() => {
      running = undefined;
    });
  };

  const endOldestDrainingWorkers = (): void => {
    const { draining } = runtime.workers();
    for (const pid of draining.slice(0, Math.max(0, draining.length - MAX_DRAINING_WORKERS))) {
      log.warn('an old nginx worker is ended; too many are draining', { pid, draining: draining.length });
      signalProcess(pid, 'SIGTERM');
    }
  };

  return {
    async start() {
      makeNginxFolders(parts.layout);
      store.cleanUp();
      version = await runtime.version();
      if (runtime.pid() !== undefined) {
        // Somebody's streams run through it: what it serves already is not touched.
        served = (await readServedGeneration(parts.target)) ?? '';
        await runtime.start();
      }
      drainWatch = setInterval(endOldestDrainingWorkers, DRAIN_CHECK_MS).unref();
      changed('at-once');
      await running;
      if (runtime.pid() === undefined && store.current() !== undefined) {
        // The new configuration cannot be applied; the last good one is better than none.
        await runtime.start().catch((error: unknown) => log.error('nginx is down', { error: String(error) }));
        served = (await readServedGeneration(parts.target)) ?? '';
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      clearInterval(drainWatch);
      resume?.();
      await running;
      settle(changes, outcomeNow());
      await runtime.stop();
    },
    changed,
    outcome(withinMs) {
      const change = changes;
      if (settled >= change) return Promise.resolve(lastSettled);
      const pending: GatewayOutcome = { state: 'pending', generation: served };
      // Waiting for what cannot come in time helps nobody, least of all a script with a hundred changes.
      if (nextReloadAt - Date.now() > withinMs) return Promise.resolve(pending);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(pending), withinMs);
        waiters.push({
          change,
          settle(outcome) {
            clearTimeout(timer);
            resolve(outcome);
          },
        });
      });
    },
    status() {
      const down = runtime.downReason();
      const pid = runtime.pid();
      const fact = down === undefined ? last : { state: 'rejected' as const, reason: down };
      return {
        ...(running === undefined ? fact : { state: 'pending' as const }),
        generation: served,
        ...(appliedAt !== undefined && { appliedAt }),
        exclusions,
        drainingWorkers: runtime.workers().draining.length,
        reloads,
        nginx: { mode: runtime.mode, ...(pid !== undefined && { pid }), ...(version !== undefined && { version }) },
      };
    },
    liveFiles: (): readonly ConfigFile[] => (served === '' ? [] : store.read(served)),
    preview: (catalog: Catalog, paths: readonly string[]): Preview => {
      const sources = { ...parts.sources(), catalog };
      const whole = reconciler.wish(sources);
      const servers = new Map([...catalog.servers].filter(([path]) => paths.includes(path)));
      const alone = reconciler.wish({ ...sources, catalog: { servers, invalid: [] } });
      return {
        files: alone.generation.files.filter(({ path }) =>
          ['generated/routes.conf', 'generated/upstreams.conf', 'generated/site.conf'].includes(path),
        ),
        exclusions: alone.plan.exclusions,
        reload: whole.generation.id !== served,
      };
    },
  };
}
