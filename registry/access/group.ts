import { z } from 'zod';
import { groupName } from './principal.js';

/** `*` stands for any text, slashes included; everything else is literal and case counts. */
const pattern = (max: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters');

const serverPattern = pattern(200).regex(
  /^(?:\*|\/[a-z0-9*][a-z0-9_*/-]*)$/,
  'must be "*" or a path such as /weather or /team/*',
);

/** The fields that a person writes. */
const written = {
  name: groupName,
  description: z.string().trim().max(1000),
  servers: z.array(serverPattern).max(500),
  /** Names of tools. Prompts, resources and the rest are only open where all tools are (`*`). */
  tools: z.array(pattern(256)).max(2000),
  /** Beats every group that allows the tool. */
  denyTools: z.array(pattern(256)).max(2000),
};

export const groupInputSchema = z.strictObject({
  ...written,
  description: written.description.default(''),
  servers: written.servers.default([]),
  tools: written.tools.default([]),
  denyTools: written.denyTools.default([]),
});

export const groupPatchSchema = z.strictObject(written).omit({ name: true }).partial();

/** A named set of permissions on servers and tools. */
export const groupSchema = z.strictObject({
  ...written,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Group = Readonly<z.output<typeof groupSchema>>;
