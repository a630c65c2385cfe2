import { z } from 'zod';

/** What a registry says of a server: `deleted` ones are not to be used any more. */
export const ORIGIN_STATUSES = ['active', 'deprecated', 'deleted'] as const;

/** Where a server was pulled from. Nobody writes it by hand, and it decides nothing about what is served. */
export const originSchema = z.strictObject({
  registry: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .meta({ description: 'Its base URL.' }),
  name: z.string().min(1).max(255).meta({ description: 'What the registry calls the server.' }),
  version: z.string().min(1).max(255).optional(),
  status: z.enum(ORIGIN_STATUSES),
  pulledAt: z.iso.datetime().meta({ description: 'When it was last taken over.' }),
});
export type ServerOrigin = Readonly<z.output<typeof originSchema>>;

/** Whether both are one server of one registry. */
export function isSameSource(one: ServerOrigin | undefined, other: ServerOrigin): boolean {
  return one?.registry === other.registry && one.name === other.name;
}

/** Whether both say the same, whenever they were told. */
export function saysTheSame(one: ServerOrigin | undefined, other: ServerOrigin): boolean {
  if (one === undefined || !isSameSource(one, other)) return false;
  return one.version === other.version && one.status === other.status;
}
