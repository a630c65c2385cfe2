import { z } from 'zod';
import { IMPORT_FORMATS, readImport } from '../../catalog/import/read-import.js';
import { originSchema } from '../../catalog/server-origin.js';
import type { Store } from '../../store/store.js';
import { validate, validationError } from '../validate.js';

/** Quoted in JSON it becomes longer, and still fits into a large body (registry/http/body.ts). */
const MAX_TEXT = 8_000_000;

export const importInputSchema = z.strictObject({
  text: z.string().min(1).max(MAX_TEXT).meta({ description: 'The file, JSON also with comments.' }),
});

export const importPreviewSchema = z.strictObject({
  format: z.enum(IMPORT_FORMATS),
  entries: z
    .array(
      z.strictObject({
        name: z.string(),
        input: z.record(z.string(), z.unknown()).readonly().optional().meta({
          description:
            'A ServerInput, with the secrets of the file in `auth`. Absent: there is no address to register.',
        }),
        origin: originSchema.optional().meta({
          description: 'Where it was pulled from, as an export of this registry tells.',
        }),
        problems: z.array(z.strictObject({ field: z.string(), message: z.string() })).readonly(),
        notes: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
});
export type ImportPreviewView = z.output<typeof importPreviewSchema>;

/** What an import would register. It stores nothing. @throws RegistryError `validation-failed` */
export type PreviewImport = (input: unknown) => ImportPreviewView;

export function createPreviewImport(deps: { readonly store: Pick<Store, 'state'> }): PreviewImport {
  return (input) => {
    const { text } = validate(importInputSchema, input);
    const read = readImport(text);
    if (!read.ok) throw validationError([{ field: 'text', message: read.problem }]);
    const taken = new Set<unknown>(deps.store.state().catalog.servers.keys());
    const entries = read.value.entries.map((entry) => {
      const path = entry.input?.path;
      if (!taken.has(path)) return entry;
      const message = `${String(path)} is taken; choose another, or leave the entry out if it is the same server`;
      return { ...entry, problems: [...entry.problems, { field: 'path', message }] };
    });
    return { format: read.value.format, entries };
  };
}
