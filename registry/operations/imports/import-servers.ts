import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import { IMPORT_FORMATS, readImport } from '../../catalog/import/read-import.js';
import type { Log } from '../../log.js';
import { importEntry } from './import-entry.js';
import { importInputSchema } from './import-preview.js';
import {
  countOutcomes,
  takenSchema,
  takingFields,
  type TakeEntries,
  type TakeEntry,
} from './take-entries.js';
import { validate, validationError } from '../validate.js';

export const importServersInputSchema = z.strictObject({
  ...importInputSchema.shape,
  ...takingFields,
});

export const importResultSchema = takenSchema.extend({ format: z.enum(IMPORT_FORMATS) });
export type ImportResult = z.output<typeof importResultSchema>;

/**
 * Registers the servers of a file, disabled, in one commit. One that cannot be taken over hinders no other.
 * @throws RegistryError `validation-failed` for a text that is no such file
 */
export type ImportServers = (input: unknown, by: Principal) => Promise<ImportResult>;

export function createImportServers(deps: {
  readonly takeEntries: TakeEntries;
  readonly log: Log;
}): ImportServers {
  const { takeEntries, log } = deps;
  return async (input, by) => {
    const { text, ...how } = validate(importServersInputSchema, input);
    const read = readImport(text);
    if (!read.ok) throw validationError([{ field: 'text', message: read.problem }]);
    const { format } = read.value;
    const entries = read.value.entries.map(
      (entry): TakeEntry =>
        (catalog, rules) =>
          importEntry(catalog, entry, rules),
    );
    const taken = await takeEntries(() => entries, { by, ...how });
    if (taken.gateway !== undefined) {
      log.info('Servers imported.', { by: by.username, format, ...countOutcomes(taken.results) });
    }
    return { format, ...taken };
  };
}
