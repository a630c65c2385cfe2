import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../../access/principal.js';
import type { Vault } from '../../access/vault.js';
import { addServer, updateServer, type Catalog, type ChangeStamp } from '../../catalog/catalog.js';
import type { ImportEntry } from '../../catalog/import/import-draft.js';
import {
  serverInputSchema,
  serverPatchSchema,
  type Server,
  type ServerUpdate,
} from '../../catalog/server.js';
import { isSameSource, saysTheSame, type ServerOrigin } from '../../catalog/server-origin.js';
import { messageOf, RegistryError, type FieldProblem } from '../../errors.js';
import type { RegistryState } from '../../store/store.js';
import { requireOwn, requireOwnGround, requireWithin } from '../servers/ownership.js';
import { requirePermittedUrls, type JudgeUrl } from '../servers/permitted-url.js';
import { findSeen } from '../servers/server-lookup.js';
import { settleAuth, withSealedAuth } from '../servers/server-credentials.js';
import { validate } from '../validate.js';

export const IMPORT_OUTCOMES = ['created', 'updated', 'unchanged', 'kept', 'refused'] as const;

/** What became of one entry of a file. */
interface EntryResult {
  readonly name: string;
  readonly path?: string;
  readonly outcome: (typeof IMPORT_OUTCOMES)[number];
  readonly problems: readonly FieldProblem[];
  readonly notes: readonly string[];
}

export interface ImportRules {
  /** As it was before the first entry. */
  readonly state: RegistryState;
  readonly by: Principal;
  readonly vault: Vault;
  readonly judgeUrl: JudgeUrl;
  readonly stamp: ChangeStamp;
  /** What becomes of servers that are there already and differ. */
  readonly existing: 'keep' | 'update';
}

/** A catalog with an entry taken into it, and what became of the entry. */
export interface TakenEntry {
  readonly catalog: Catalog;
  readonly result: EntryResult;
}

/** Takes one entry into a catalog; never throws for what is wrong with the entry. */
export function importEntry(catalog: Catalog, entry: ImportEntry, rules: ImportRules): TakenEntry {
  const { name, input, problems, notes, origin } = entry;
  const path = typeof input?.path === 'string' ? input.path : undefined;
  // One that the caller does not see is not there for them; that its path is taken, they are told.
  const seenState = { catalog, groups: rules.state.groups };
  const before =
    path === undefined ? undefined : findSeen(seenState, path, rules.by.visibility)?.server;
  // Of a server that is there, a credential that the file does not have whole is the one that is stored.
  const isStored = ({ field }: FieldProblem) => before !== undefined && field === 'auth';
  const inTheWay = problems.filter((problem) => !isStored(problem));
  const stored = problems
    .filter(isStored)
    .map(({ message }) => `The stored credential stays: ${message}`);
  const told = (outcome: EntryResult['outcome'], faults: readonly FieldProblem[]): EntryResult => ({
    name,
    ...(path !== undefined && { path }),
    outcome,
    problems: faults,
    notes: [...notes, ...stored],
  });
  if (input === undefined || inTheWay.length > 0)
    return { catalog, result: told('refused', inTheWay) };
  try {
    if (before === undefined) {
      return { catalog: created(catalog, input, origin, rules), result: told('created', []) };
    }
    const { update, different } = compared(before, input, rules);
    const isKept = different.length > 0 && rules.existing === 'keep';
    const change = {
      ...(!isKept && different.length > 0 && update),
      ...originChange(before, origin, isKept),
    };
    const after =
      Object.keys(change).length === 0
        ? catalog
        : updateServer(catalog, before.path, change, rules.stamp);
    if (isKept) {
      const message = 'is different here, and was kept';
      const faults = different.map((field) => ({ field, message }));
      return { catalog: after, result: told('kept', faults) };
    }
    return { catalog: after, result: told(after === catalog ? 'unchanged' : 'updated', []) };
  } catch (thrown) {
    return { catalog, result: told('refused', problemsOf(thrown)) };
  }
}

/** What the refusal of an entry says. @throws what is no refusal */
export function problemsOf(thrown: unknown): readonly FieldProblem[] {
  if (!(thrown instanceof RegistryError)) throw thrown;
  return thrown.problems.length > 0
    ? thrown.problems
    : [{ field: 'path', message: messageOf(thrown) }];
}

/** Where a server came from is no decision of people; of one that is kept, what was taken over stays the older version. */
function originChange(
  { origin: before }: Server,
  told: ServerOrigin | undefined,
  isKept: boolean,
): Pick<ServerUpdate, 'origin'> {
  if (told === undefined) return {};
  if (!isKept) return saysTheSame(before, told) ? {} : { origin: told };
  if (before === undefined || !isSameSource(before, told) || before.status === told.status) {
    return {};
  }
  return { origin: { ...before, status: told.status } };
}

function created(
  catalog: Catalog,
  input: object,
  origin: ServerOrigin | undefined,
  { by, vault, judgeUrl, stamp }: ImportRules,
): Catalog {
  // Somebody else's file decides nothing about what is served here.
  const server = validate(serverInputSchema, { ...input, enabled: false });
  requireWithin(by, server.path);
  requireOwnGround(catalog, server.path, by);
  requirePermittedUrls(judgeUrl, server);
  const auth = settleAuth({ vault, auth: server.auth, url: server.url, at: stamp.at });
  return addServer(catalog, { ...server, auth, ...(origin && { origin }) }, stamp);
}

/** What of a server the file would change; whether it is enabled is not for the file to say. */
function compared(before: Server, input: object, rules: ImportRules) {
  const { state, by, vault, judgeUrl, stamp } = rules;
  requireOwn(state, before.path, by, 'servers:write-any');
  const change = { ...validate(serverPatchSchema, input), enabled: before.enabled };
  requirePermittedUrls(judgeUrl, change, before);
  const update = withSealedAuth(vault, before, change, stamp.at);
  const different = Object.entries(update)
    .filter(([field, value]) => {
      const now: unknown = before[field as keyof Server];
      return value !== undefined && !isDeepStrictEqual(now, value);
    })
    .map(([field]) => field);
  return { update, different };
}
