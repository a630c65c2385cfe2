import { z } from 'zod';

const MAX_CALLS = 1_000_000;
const MAX_TOOLS = 50;
const MAX_TOOL_NAME_BYTES = 128;

const callsPerMinute = z.int().min(1).max(MAX_CALLS);
const burst = z.int().min(1).max(MAX_CALLS).meta({
  description: 'How many calls may come at once. Left out: as many as `callsPerMinute`.',
});

/** Names of tools are compared letter by letter, so that nothing in them is tidied. */
const toolName = z
  .string()
  .min(1, 'must not be empty')
  .refine(
    (name) => new TextEncoder().encode(name).length <= MAX_TOOL_NAME_BYTES,
    `must be at most ${MAX_TOOL_NAME_BYTES} bytes long in UTF-8`,
  )
  .refine(
    (name) => !/[\p{Cc}\p{Cs}]/u.test(name),
    'must not contain control characters or halves of surrogate pairs',
  );

const toolLimit = z.strictObject({
  name: toolName.meta({ description: 'The exact name of the tool; case counts.' }),
  callsPerMinute,
  burst: burst.optional(),
});

const fields = z.strictObject({
  callsPerMinute: callsPerMinute.optional().meta({
    description: 'Requests of one caller to the server, whatever their method.',
  }),
  burst: burst.optional(),
  tools: z
    .array(toolLimit)
    .max(MAX_TOOLS, `must be at most ${MAX_TOOLS} tools`)
    .superRefine((tools, context) => {
      const names = tools.map(({ name }) => name);
      names.forEach((name, at) => {
        if (names.indexOf(name) === at) return;
        const message = `must not name ${JSON.stringify(name)} again: a tool has one limit`;
        context.addIssue({ code: 'custom', path: [at, 'name'], message });
      });
    })
    .optional()
    .meta({
      description: 'Calls of one caller to single tools; they count for the server as well.',
    }),
});

/**
 * How often one caller may use a server: a principal, or a client address where the server is public. `{}` is no limit.
 * Every caller has a bucket that holds `burst` calls and fills evenly with `callsPerMinute`.
 */
export const limitsSchema = fields
  .refine(
    ({ callsPerMinute: calls, burst: atOnce }) => calls !== undefined || atOnce === undefined,
    {
      path: ['burst'],
      message: 'needs callsPerMinute beside it; leave it out, or say how many calls a minute has',
    },
  )
  .meta({
    description:
      'How often one caller may use the server: a principal, or a client address on public servers. Above it calls get 429 with Retry-After. `{}`: no limit.',
  });

export type ServerLimits = Readonly<z.output<typeof limitsSchema>>;

export const NO_LIMITS: ServerLimits = Object.freeze({});
