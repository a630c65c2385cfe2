import { z } from 'zod';
import { parseRegistryUrl } from './import/registry-url.js';
import { parsedText } from './parsed-text.js';

/** Which servers of which registry are followed, and how. */
export const followedFields = {
  url: parsedText(parseRegistryUrl).meta({
    description: 'The base URL of a registry that speaks the MCP registry API v0.1.',
  }),
  search: z.string().trim().min(1).max(200).optional().meta({
    description: 'Only servers with this in their name, as far as the registry supports that.',
  }),
};

const DAYS_30 = 720;

const existing = z.enum(['keep', 'update']).meta({
  description: 'What becomes of servers that are there already and are different.',
});
const everyHours = z.int().min(1).max(DAYS_30);

/** What somebody decides of a registry that is followed. */
export const registrySourceInputSchema = z.strictObject({
  ...followedFields,
  existing: existing.default('keep'),
  everyHours: everyHours.optional().meta({
    description: 'How often it is pulled from; absent: only when somebody asks.',
  }),
});

/** What somebody decides differently later. */
export const registrySourcePatchSchema = z
  .strictObject({
    search: followedFields.search.unwrap().nullable().meta({
      description: 'Only servers with this in their name; null: all.',
    }),
    existing,
    everyHours: everyHours.nullable().meta({
      description: 'How often it is pulled from; null: only when somebody asks.',
    }),
  })
  .partial();
type RegistrySourcePatch = Readonly<z.output<typeof registrySourcePatchSchema>>;

/** A registry that servers are pulled from again and again. */
export const registrySourceSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  ...registrySourceInputSchema.shape,
  /** Name of the account in whose name it is pulled from. */
  owner: z.string().min(1).max(255),
  createdAt: z.iso.datetime(),
  changedUntil: z.iso.datetime().optional().meta({
    description: 'The newest change that was taken over; the next pull asks for newer ones.',
  }),
  lastPull: z
    .strictObject({
      at: z.iso.datetime(),
      error: z.string().optional().meta({ description: 'Why nothing was pulled.' }),
      outcomes: z.record(z.string(), z.int()).optional().meta({
        description: 'How many servers had which outcome.',
      }),
    })
    .optional(),
});
export type RegistrySource = Readonly<z.output<typeof registrySourceSchema>>;

/**
 * The registry with what was decided differently; itself when that is nothing. Where other servers are wanted, or something
 * else is to become of them, what has changed since the last pull is not enough, and the next one reads the whole list.
 */
export function changeRegistrySource(
  source: RegistrySource,
  patch: RegistrySourcePatch,
): RegistrySource {
  const { search = source.search, everyHours = source.everyHours, existing } = patch;
  const changed: RegistrySource = {
    ...source,
    search: search ?? undefined,
    existing: existing ?? source.existing,
    everyHours: everyHours ?? undefined,
  };
  if (!wantsTheSame(changed, source)) return { ...changed, changedUntil: undefined };
  return changed.everyHours === source.everyHours ? source : changed;
}

/** Whether a pull takes over the same of a registry. */
export function wantsTheSame(
  one: Pick<RegistrySource, 'search' | 'existing'>,
  other: Pick<RegistrySource, 'search' | 'existing'>,
): boolean {
  return one.search === other.search && one.existing === other.existing;
}

/** Whether it is time to pull from it again. */
export function isDue({ everyHours, lastPull }: RegistrySource, now: Date): boolean {
  if (everyHours === undefined) return false;
  return (
    lastPull === undefined || now.getTime() - Date.parse(lastPull.at) >= everyHours * 3_600_000
  );
}
