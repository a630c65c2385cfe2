import { z } from 'zod';
import { pageFields } from '../page.js';

/** Where the MCP registry API keeps what a registry says of an entry. */
export const OFFICIAL = 'io.modelcontextprotocol.registry/official';
const MAX_LIMIT = 100;

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** Clients send parameters that they have no value for. */
const orEmpty = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const includeDeleted = orEmpty(flag).meta({
  description: 'Whether disabled servers are listed; true where `updated_since` is given.',
});

/** Not strict: clients of other registries send what we do not know. */
export const publishedQuerySchema = z.object({
  cursor: orEmpty(pageFields.cursor),
  limit: orEmpty(z.coerce.number('must be a number').pipe(z.int().min(1).max(MAX_LIMIT))),
  search: orEmpty(z.string().max(200)),
  version: orEmpty(z.string().max(255)).meta({ description: '`latest`, or an exact version.' }),
  updated_since: orEmpty(z.iso.datetime({ offset: true, error: 'must be a time of RFC 3339' })),
  include_deleted: includeDeleted,
});
export type PublishedQuery = z.output<typeof publishedQuerySchema>;

export const publishedVersionQuerySchema = z.object({ include_deleted: includeDeleted });

const input = { description: z.string(), isRequired: z.boolean(), isSecret: z.boolean() };
const serverJsonSchema = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    version: z.string(),
    remotes: z
      .array(
        z.strictObject({
          type: z.enum(['streamable-http', 'sse']),
          url: z.string(),
          headers: z
            .array(
              z.strictObject({
                name: z.string(),
                ...input,
                value: z.string().optional(),
                variables: z.record(z.string(), z.strictObject(input)).readonly().optional(),
              }),
            )
            .optional(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ServerJson' });

export const publishedServerSchema = z.strictObject({
  server: serverJsonSchema,
  _meta: z.strictObject({
    [OFFICIAL]: z.strictObject({
      status: z.enum(['active', 'deleted']),
      statusMessage: z.string().optional(),
      statusChangedAt: z.string(),
      publishedAt: z.string(),
      updatedAt: z.string(),
      isLatest: z.literal(true),
    }),
  }),
});
export const publishedListSchema = z.strictObject({
  servers: z.array(publishedServerSchema).readonly(),
  metadata: z.strictObject({ nextCursor: z.string().optional(), count: z.int() }),
});
export type PublishedServer = z.output<typeof publishedServerSchema>;
export type PublishedList = z.output<typeof publishedListSchema>;
