import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../access/principal.js';
import type { AuditAction, AuditActor, AuditEntry, AuditTarget } from '../../audit/audit-entry.js';
import type { AuditLog } from '../../audit/audit-log.js';
import {
  mergeTouched,
  shownDifference,
  targetOf,
  touchedRecords,
  type TouchedRecord,
} from '../../audit/touched-records.js';
import { parseServerPath } from '../../catalog/server-path.js';
import { RegistryError } from '../../errors.js';
import type { Store } from '../../store/store.js';

/** What an edge knows of a change that somebody asks for. */
export interface AuditedChange {
  readonly action: AuditAction;
  /** Its name when it was refused, where it has one of its own. */
  readonly refusedAs?: AuditAction;
  /** Asked afterwards: at log-in, who it was is only known then. */
  readonly actor: () => AuditActor;
  /** Without an id: the one record of the type that the change touches. */
  readonly target: () => AuditTarget;
  /** Absent: the registry itself. */
  readonly from?: NonNullable<AuditEntry['from']>;
  readonly requestId?: string;
  /** Whether it is only worth a line when something in the store has changed. */
  readonly onlyWhenTouched?: true;
}

/** Records what callers change, for every edge alike. */
export interface Audited {
  /** Does the work and records it with what it changed in the store, or with the code of its error. */
  run<T>(change: AuditedChange, work: () => T | Promise<T>): Promise<T>;
  /** Records a change that was refused before its work began. */
  refused(change: AuditedChange, error: unknown): void;
  /** Stops listening to the store. */
  leave(): void;
}

/** What one commit did. */
interface Step {
  readonly touched: readonly TouchedRecord[];
  /** Where it made another catalog. */
  readonly revision?: number;
}

const SYSTEM: AuditActor = { kind: 'system' };
/** Of one caller, all strangers being one: whoever hammers at a door must not flush out what was recorded before. */
const REFUSALS_PER_MINUTE = 60;
const MAX_ID = 200;
/** As many as an import may have. */
const MAX_ALSO = 5000;

export function createAudited(deps: {
  readonly store: Pick<Store, 'state' | 'subscribe'>;
  readonly auditLog: Pick<AuditLog, 'record'>;
  readonly clock: () => Date;
}): Audited {
  const { store, auditLog, clock } = deps;
  // The store tells of a commit in the midst of the work that made it. So each change gets what it changed
  // itself, and not what others changed while it waited for nginx.
  const steps = new AsyncLocalStorage<Step[]>();
  const leave = store.subscribe((after, before) => {
    steps.getStore()?.push({
      touched: touchedRecords(before, after),
      ...(after.catalog !== before.catalog && { revision: after.revision }),
    });
  });
  const refusals = createAllowance(clock);
  let dropped = 0;

  const record = (change: AuditedChange, outcome: string, mine: readonly Step[]) => {
    const touched = mergeTouched(mine.map((step) => step.touched));
    const revision = mine.findLast((step) => step.revision !== undefined)?.revision;
    if (change.onlyWhenTouched && outcome === 'ok' && touched.length === 0) return;
    const actor = change.actor();
    if (outcome !== 'ok' && !refusals.take(`${actor.kind} ${actor.username ?? ''}`)) {
      dropped += 1;
      return;
    }
    auditLog.record({
      id: randomUUID(),
      time: clock().toISOString(),
      action: outcome === 'ok' ? change.action : (change.refusedAs ?? change.action),
      actor,
      ...resultOf(nameable(change.target(), outcome, store), touched),
      ...(change.from && { from: change.from }),
      ...(revision !== undefined && { revision }),
      outcome,
      ...(change.requestId !== undefined && { requestId: change.requestId }),
      ...(dropped > 0 && { dropped }),
    });
    dropped = 0;
  };

  return {
    run: async (change, work) => {
      const mine: Step[] = [];
      const result = await steps.run(mine, async () => {
        try {
          return await work();
        } catch (thrown) {
          record(change, codeOf(thrown), mine);
          throw thrown;
        }
      });
      record(change, 'ok', mine);
      return result;
    },
    refused: (change, thrown) => record(change, codeOf(thrown), []),
    leave,
  };
}

/** A change that the registry makes by itself; what it finds done already is not recorded. */
export function changeBySystem(action: AuditAction, target: AuditTarget): AuditedChange {
  return { action, actor: () => SYSTEM, target: () => target, onlyWhenTouched: true };
}

/** Who acts; without a principal a stranger. */
export function actorOf(principal: Principal | undefined): AuditActor {
  if (principal === undefined) return { kind: 'stranger' };
  const { kind, username, tokenId } = principal;
  return { kind, username, ...(tokenId !== undefined && { tokenId }) };
}

/** @param path as the caller wrote it */
export function serverTarget(path: unknown): AuditTarget {
  return { type: 'server', ...pathId(path) };
}

/** @param path of its server, as the caller wrote it */
export function toolTarget(path: unknown, tool: unknown): AuditTarget {
  const { id } = pathId(path);
  return { type: 'tool', ...idIn(tool), ...(id !== undefined && { server: id }) };
}

/** @param id as the caller wrote it; anything but a text is left out */
export function targetNamed(type: AuditTarget['type'], id: unknown): AuditTarget {
  return { type, ...idIn(id) };
}

function pathId(path: unknown): { readonly id?: string } {
  if (typeof path !== 'string') return {};
  const parsed = parseServerPath(path);
  return idIn(parsed.ok ? parsed.value : path);
}

function idIn(id: unknown): { readonly id?: string } {
  return typeof id === 'string' && id !== '' ? { id: id.slice(0, MAX_ID) } : {};
}

/** What the change did to its target, and what else it touched. */
function resultOf(target: AuditTarget, touched: readonly TouchedRecord[]) {
  const ofType = touched.filter(({ type }) => type === target.type);
  const main =
    target.id === undefined && ofType.length === 1
      ? ofType[0]
      : ofType.find(({ id }) => id === target.id);
  const others = touched.filter((record) => record !== main).slice(0, MAX_ALSO);
  return {
    target: main === undefined ? target : { ...target, id: main.id },
    ...(main && shownDifference(main)),
    ...(others.length > 0 && { also: others.map(targetOf) }),
  };
}

/** People type their password into the field of the name: what names nobody is not kept. */
function nameable(target: AuditTarget, outcome: string, store: Pick<Store, 'state'>): AuditTarget {
  if (target.type !== 'user' || outcome === 'ok') return target;
  const isKnown = store.state().accounts.some(({ username }) => username === target.id);
  return isKnown ? target : { type: 'user' };
}

function codeOf(thrown: unknown): string {
  return thrown instanceof RegistryError ? thrown.code : 'internal-error';
}

/** Counts by caller, anew every minute. */
function createAllowance(clock: () => Date) {
  const counts = new Map<string, number>();
  let minute = 0;
  return {
    take: (caller: string): boolean => {
      const now = Math.floor(clock().getTime() / 60_000);
      if (now !== minute) counts.clear();
      minute = now;
      const count = (counts.get(caller) ?? 0) + 1;
      counts.set(caller, count);
      return count <= REFUSALS_PER_MINUTE;
    },
  };
}
