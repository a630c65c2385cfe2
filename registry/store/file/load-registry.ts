import type { Adapter } from 'lowdb';
import { EMPTY_CATALOG } from '../../catalog/catalog.js';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { RegistryState, StoreHealth } from '../store.js';
import type { Backups, GoodBackup } from './backups.js';
import {
  NO_RECORDS_ASIDE,
  readRegistryDocument,
  type AsideRecords,
  type RegistryDocument,
} from './registry-document.js';

/** What the store starts with. */
export interface LoadedRegistry {
  readonly state: RegistryState;
  readonly aside: AsideRecords;
  readonly health: StoreHealth;
  /** The highest revision that may have been given out. */
  readonly lastRevision: number;
}

interface Sources {
  readonly file: string;
  readonly json: Adapter<RegistryDocument>;
  readonly backups: Backups;
  readonly log: Log;
}

const EMPTY_STATE: RegistryState = Object.freeze({
  revision: 0,
  catalog: Object.freeze(EMPTY_CATALOG),
  accounts: Object.freeze([]),
  groups: Object.freeze([]),
  tokens: Object.freeze([]),
  registries: Object.freeze([]),
});

/**
 * Reads the registry file. One that cannot be used is never mistaken for an empty one: then the
 * newest good backup is served and nothing may be written until somebody has put things right.
 */
export async function loadRegistry(sources: Sources): Promise<LoadedRegistry> {
  const { file, json, backups } = sources;
  let document: RegistryDocument | null;
  try {
    document = await json.read();
  } catch (thrown) {
    return loadDamaged(sources, `${file} cannot be used: ${messageOf(thrown)}.`);
  }
  const newest = await newestRevision(sources);
  if (document !== null) return loadGood(sources, document, newest);
  if (newest === undefined) {
    return { state: EMPTY_STATE, aside: NO_RECORDS_ASIDE, health: WRITABLE, lastRevision: 0 };
  }
  return loadDamaged(sources, `${file} is missing, although ${backups.directory} has backups.`);
}

const WRITABLE: StoreHealth = { writable: true };

function loadGood(
  { file, log }: Sources,
  document: RegistryDocument,
  newestBackup: number | undefined,
): LoadedRegistry {
  const { state, aside, unusable } = readRegistryDocument(document);
  for (const { path, reason } of state.catalog.invalid) {
    log.warn('a stored server is not served', { file, path, reason });
  }
  for (const reason of unusable) {
    log.error('a stored record is not used', { file, reason });
  }
  // A file that is not newer than its backups was restored by hand. The revision that it replaced
  // was one above the backups; none of them is given out again, since clients hold them as tags.
  const restored = newestBackup !== undefined && newestBackup >= state.revision;
  const lastRevision = restored ? newestBackup + 1 : state.revision;
  return { state, aside, health: WRITABLE, lastRevision };
}

async function loadDamaged(sources: Sources, reason: string): Promise<LoadedRegistry> {
  const { file, backups, log } = sources;
  const good = await backups.newestGood().catch((thrown: unknown) => {
    log.error('the backups cannot be listed', { reason: messageOf(thrown) });
    return undefined;
  });
  const remedy = remedyFor(file, backups.directory, good);
  log.error('the registry starts read-only', { reason, remedy });
  const health: StoreHealth = { writable: false, reason, remedy };
  if (good === undefined) {
    return { state: EMPTY_STATE, aside: NO_RECORDS_ASIDE, health, lastRevision: 0 };
  }
  const { state, aside } = readRegistryDocument(good.document);
  return { state, aside, health, lastRevision: state.revision };
}

function remedyFor(file: string, directory: string, good: GoodBackup | undefined): string {
  const aside = `mv ${shellWord(file)} ${shellWord(`${file}.broken`)}`;
  if (good === undefined) {
    return `There is no usable backup in ${directory}. Stop the registry, then repair ${file} by hand, or move it aside with \`${aside}\` to begin with an empty registry; start the registry again.`;
  }
  return (
    `Stop the registry. Move the broken file aside, if there is one: \`${aside}\`. ` +
    `Restore the newest good backup, revision ${good.document.revision} of ${good.savedAt}: ` +
    `\`cp ${shellWord(good.file)} ${shellWord(file)}\`. Start the registry again.`
  );
}

function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

async function newestRevision({ backups }: Sources): Promise<number | undefined> {
  return (await backups.list())[0]?.revision;
}
