import path from 'node:path';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { CatalogHistory, RegistryState } from '../store.js';
import { createBackups } from './backups.js';
import { readRegistryDocument } from './registry-document.js';

const KEPT = 20;

/** A history that is told of each commit. */
interface CatalogFiles extends CatalogHistory {
  /** Before `next` is written in the place of `before`: keeps a catalog that will be none any more. */
  beforeCommit(before: RegistryState, next: RegistryState): Promise<void>;
  /** After it was written. */
  committed(before: RegistryState, next: RegistryState): void;
}

/**
 * Keeps the registry file of each catalog that another one took over from, beside the backups: those are of any commit,
 * and ten new tokens would push out every catalog.
 * @param revision of the state that was loaded
 */
export function createCatalogFiles(
  dataDir: string,
  file: string,
  revision: number,
  log: Log,
): CatalogFiles {
  const directory = path.join(dataDir, 'backups', 'catalogs');
  const files = createBackups({ file, directory, log, kept: KEPT });
  let present = revision;
  return {
    revision: () => present,
    kept: async () => new Set((await files.list()).map((each) => each.revision)),
    read: async (wanted) => {
      const found = await files.read(wanted);
      return found && readRegistryDocument(found.document).state.catalog;
    },
    beforeCommit: async (before, next) => {
      if (next.catalog === before.catalog) return;
      // Nobody must be kept from changing the catalog because an old one cannot be kept.
      await files.keep(present).catch((thrown: unknown) => {
        log.warn('a catalog could not be kept', { directory, reason: messageOf(thrown) });
      });
    },
    committed: (before, next) => {
      if (next.catalog !== before.catalog) present = next.revision;
    },
  };
}
