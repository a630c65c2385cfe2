import type { AuditEntry } from '../../audit/audit-entry.js';
import type { AuditLog } from '../../audit/audit-log.js';
import type { KeptGeneration } from '../../gateway/gateway.js';
import type { GenerationChange } from './system-view.js';

/** By generation, what was changed to make it; those of which the audit log tells nothing are missing. */
type ChangesOfGenerations = (
  generations: readonly KeptGeneration[],
) => Promise<ReadonlyMap<string, GenerationChange>>;

const PAGE = 500;
/** Generations may be months old, and a log full of calls must not keep anybody waiting. */
const MAX_PAGES = 10;
/** An entry is written when nginx has answered, or before that when it takes long. */
const EARLIER_MS = 60_000;
const SETTLED_MS = 60_000;
const NAMED_SERVERS = 5;

type Origin = NonNullable<KeptGeneration['origin']>;
type Made = KeptGeneration & { readonly origin: Origin };

/** Looks up in the audit log which changes stand between each generation and the one before it. */
export function createChangesOfGenerations(deps: {
  readonly auditLog: Pick<AuditLog, 'query'>;
  readonly clock: () => Date;
}): ChangesOfGenerations {
  const { auditLog, clock } = deps;
  // What was done stays done: a generation is looked for once, as long as it was made of the same revisions.
  let known: ReadonlyMap<string, GenerationChange> = new Map();

  return async (generations) => {
    const made = generations.filter(isMadeByChange);
    const missing = made.filter((each) => !known.has(keyOf(each)));
    const entries = missing.length === 0 ? [] : await entriesSince(sinceOf(missing), auditLog);
    const found = made.flatMap((each) => {
      const change = known.get(keyOf(each)) ?? changeOf(each.origin, entries);
      return change === undefined ? [] : [{ each, change }];
    });
    // Of several changes that made the newest one, some may be written in a moment.
    const settled = found.filter(
      ({ each: { appliedAt = '' } }) => clock().getTime() - Date.parse(appliedAt) > SETTLED_MS,
    );
    known = new Map(settled.map(({ each, change }) => [keyOf(each), change]));
    return new Map(found.map(({ each, change }) => [each.generation, change]));
  };
}

function isMadeByChange(each: KeptGeneration): each is Made {
  return each.origin !== undefined && each.origin.upTo > each.origin.after;
}

function keyOf({ generation, origin }: Made): string {
  return `${generation} ${String(origin.after)} ${String(origin.upTo)}`;
}

function sinceOf(made: readonly Made[]): string {
  const earliest = Math.min(...made.map(({ origin }) => Date.parse(origin.since)));
  return new Date(earliest - EARLIER_MS).toISOString();
}

/** Entries that made another catalog, newest first. */
async function entriesSince(
  from: string,
  auditLog: Pick<AuditLog, 'query'>,
): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await auditLog.query({ filters: { from }, cursor, limit: PAGE });
    entries.push(...answer.entries.filter(({ revision }) => revision !== undefined));
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return entries;
}

function changeOf(
  { after, upTo }: Origin,
  entries: readonly AuditEntry[],
): GenerationChange | undefined {
  // Two that wait for nginx at the same time are written in any order.
  const [last, ...others] = entries
    .filter(({ revision = 0 }) => revision > after && revision <= upTo)
    .sort((a, b) => (b.revision ?? 0) - (a.revision ?? 0));
  if (last === undefined) return undefined;
  const servers = [last.target, ...(last.also ?? [])].flatMap(({ type, id }) =>
    type === 'server' && id !== undefined ? [id] : [],
  );
  const { kind, username } = last.actor;
  return {
    at: last.time,
    action: last.action,
    servers: servers.slice(0, NAMED_SERVERS),
    serverCount: servers.length,
    by: { kind, ...(username !== undefined && { username }) },
    others: others.length,
  };
}
