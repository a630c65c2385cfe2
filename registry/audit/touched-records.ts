import { isDeepStrictEqual } from 'node:util';
import type { RegistryState } from '../store/store.js';
import type { AuditTarget, AuditTargetType } from './audit-entry.js';
import { redactChangedFields, redactFields } from './redact.js';

type Fields = Readonly<Record<string, unknown>>;

/** A record that is different after a commit. */
export interface TouchedRecord {
  readonly type: AuditTargetType;
  readonly id: string;
  /** Undefined: it was created. */
  readonly before: Fields | undefined;
  /** Undefined: it was removed. */
  readonly after: Fields | undefined;
}

/** They change with every change and say nothing of it. */
const BOOKKEEPING: ReadonlySet<string> = new Set(['revision', 'movedAt', 'updatedAt']);

/** What is different between two states. */
export function touchedRecords(before: RegistryState, after: RegistryState): TouchedRecord[] {
  return [
    ...(before.catalog === after.catalog ? [] : touchedServers(before, after)),
    ...(before.accounts === after.accounts
      ? []
      : touched('user', keyed(before.accounts, 'username'), keyed(after.accounts, 'username'))),
    ...(before.groups === after.groups
      ? []
      : touched('group', keyed(before.groups, 'name'), keyed(after.groups, 'name'))),
    ...(before.tokens === after.tokens
      ? []
      : touched('token', keyed(before.tokens, 'id'), keyed(after.tokens, 'id'))),
    ...(before.registries === after.registries
      ? []
      : touched('registry', decided(before.registries), decided(after.registries))),
  ];
}

/** Several commits of one change, taken together: what was first and what was last. */
export function mergeTouched(steps: readonly (readonly TouchedRecord[])[]): TouchedRecord[] {
  const merged = new Map<string, TouchedRecord>();
  for (const record of steps.flat()) {
    const key = `${record.type}\n${record.id}`;
    const earlier = merged.get(key);
    merged.set(key, earlier === undefined ? record : { ...record, before: earlier.before });
  }
  return [...merged.values()];
}

/** The fields that are different, as the audit log shows them. */
export function shownDifference({ before, after }: Pick<TouchedRecord, 'before' | 'after'>): {
  readonly before?: Fields;
  readonly after?: Fields;
} {
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => !BOOKKEEPING.has(name) && !isDeepStrictEqual(before?.[name], after?.[name]),
  );
  const was = before && pick(before, names);
  const is = after && pick(after, names);
  return {
    ...(was && names.length > 0 && { before: redactFields(was) }),
    ...(is && names.length > 0 && { after: redactChangedFields(is, was ?? {}) }),
  };
}

export function targetOf({ type, id }: TouchedRecord): AuditTarget {
  return { type, id };
}

/** A server that got another path is one server and not two. */
function touchedServers(before: RegistryState, after: RegistryState): TouchedRecord[] {
  const records = touched('server', serversOf(before), serversOf(after));
  const [removed, ...otherRemoved] = records.filter((record) => record.after === undefined);
  const [added, ...otherAdded] = records.filter((record) => record.before === undefined);
  const isMoved =
    removed?.before?.createdAt !== undefined &&
    removed.before.createdAt === added?.after?.createdAt &&
    otherRemoved.length + otherAdded.length === 0;
  if (!isMoved) return records;
  const rest = records.filter((record) => record !== removed && record !== added);
  return [{ ...removed, after: added.after }, ...rest];
}

function serversOf({ catalog }: RegistryState): ReadonlyMap<string, Fields> {
  return new Map<string, Fields>([
    ...catalog.invalid.map(({ path, reason }) => [path, { path, unreadable: reason }] as const),
    ...catalog.servers,
  ]);
}

/** What pulls learn of a registry is nobody's change. */
function decided(registries: RegistryState['registries']): ReadonlyMap<string, Fields> {
  return new Map(
    registries.map(({ lastPull: _pull, changedUntil: _until, ...source }) => [source.id, source]),
  );
}

function keyed<K extends string>(
  records: readonly Readonly<Record<K, string>>[],
  key: K,
): ReadonlyMap<string, Fields> {
  return new Map(records.map((record) => [record[key], record]));
}

function touched(
  type: AuditTargetType,
  before: ReadonlyMap<string, Fields>,
  after: ReadonlyMap<string, Fields>,
): TouchedRecord[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((id) => ({ type, id, before: before.get(id), after: after.get(id) }))
    .filter((record) => !isDeepStrictEqual(record.before, record.after));
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}
