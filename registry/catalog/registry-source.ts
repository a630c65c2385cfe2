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

/** What somebody decides of a registry that is followed. */
export const registrySourceInputSchema = z.strictObject({
  ...followedFields,
  existing: z.enum(['keep', 'update']).default('keep').meta({
    description: 'What becomes of servers that are there already and are different.',
  }),
  everyHours: z.int().min(1).max(DAYS_30).optional().meta({
    description: 'How often it is pulled from; absent: only when somebody asks.',
  }),
});

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

/** Whether it is time to pull from it again. */
export function isDue({ everyHours, lastPull }: RegistrySource, now: Date): boolean {
  if (everyHours === undefined) return false;
  return (
    lastPull === undefined || now.getTime() - Date.parse(lastPull.at) >= everyHours * 3_600_000
  );
}
