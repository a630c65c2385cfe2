import { z } from 'zod';
import { actorSchema, AUDIT_ACTIONS } from '../../audit/audit-entry.js';
import { exclusionViewSchema } from '../servers/exclusion-view.js';
import { outcomeViewSchema } from '../servers/outcome-view.js';

const exclusionSchema = z.strictObject({ path: z.string(), ...exclusionViewSchema.shape });

const fileSchema = z.strictObject({
  path: z.string().meta({ description: 'Relative to the folder of the generation.' }),
  text: z.string(),
});

const certificateSchema = z
  .strictObject({
    state: z.enum(['valid', 'not-yet-valid', 'expiring', 'expired', 'missing']).meta({
      description: 'Of the certificate that is served; expiring: within 14 days.',
    }),
    names: z.array(z.string()).readonly(),
    expiresAt: z.string().optional(),
    reason: z
      .string()
      .optional()
      .meta({ description: 'Why the certificate files are not what is served.' }),
  })
  .meta({ description: 'Only with HTTPS of its own.' });

const pastOutcomeSchema = z.strictObject({
  at: z.string(),
  state: z.enum(['applied', 'rejected']),
  generation: z.string().meta({ description: 'What was served afterwards.' }),
  reason: z.string().optional(),
  revision: z.int().optional().meta({ description: 'Of the catalog that was to be served.' }),
});

export const gatewayStatusSchema = z.strictObject({
  ...outcomeViewSchema.shape,
  appliedAt: z.string().optional(),
  exclusions: z.array(exclusionSchema),
  certificate: certificateSchema.optional(),
  outcomes: z.array(pastOutcomeSchema).meta({
    description: 'Of the last attempts since the start, newest first, at most 50.',
  }),
  drainingWorkers: z.int(),
  reloads: z.int(),
  nginx: z.strictObject({
    mode: z.enum(['managed', 'external', 'none']),
    pid: z.int().optional(),
    version: z.string().optional(),
  }),
});
export type GatewayStatusView = z.output<typeof gatewayStatusSchema>;

export const gatewayConfigSchema = z.strictObject({
  generation: z.string(),
  files: z.array(fileSchema),
});
export type GatewayConfigView = z.output<typeof gatewayConfigSchema>;

const generationChangeSchema = z
  .strictObject({
    at: z.iso.datetime(),
    action: z.enum(AUDIT_ACTIONS).meta({ description: 'As in the audit log.' }),
    servers: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Paths of servers that are different by it, at most five.' }),
    serverCount: z.int().meta({ description: 'How many they are in all.' }),
    by: actorSchema
      .pick({ kind: true, username: true })
      .optional()
      .meta({ description: 'Only for callers with the permission audit:read.' }),
    others: z.int().meta({ description: 'Earlier changes that came with it.' }),
  })
  .meta({
    description:
      'The last change of servers that made this configuration, from the audit log; absent where that does not tell.',
  });
export type GenerationChange = Readonly<z.output<typeof generationChangeSchema>>;

export const generationListSchema = z.strictObject({
  generations: z.array(
    z.strictObject({
      generation: z.string(),
      appliedAt: z.string().optional(),
      revision: z
        .int()
        .optional()
        .meta({ description: 'The newest revision of the catalog that gave this configuration.' }),
      live: z.boolean().meta({ description: 'Whether nginx serves it.' }),
      change: generationChangeSchema.optional(),
      sameServers: z.literal(true).optional().meta({
        description:
          'Nobody changed a server: an address or endpoint was found, or the certificate or a setting is another one.',
      }),
      restorable: z.boolean(),
      notRestorableReason: z.string().optional(),
    }),
  ),
});
export type GenerationList = z.output<typeof generationListSchema>;

const paths = z.array(z.string()).readonly();
export const restorationPreviewSchema = z.strictObject({
  changed: paths.meta({ description: 'Servers that would get their earlier settings.' }),
  removed: paths.meta({ description: 'Servers that did not exist then.' }),
  broughtBack: paths.meta({ description: 'Servers that exist no longer.' }),
});
export type RestorationPreview = z.output<typeof restorationPreviewSchema>;

export const restorationSchema = z.strictObject({
  restored: z
    .array(z.string())
    .meta({ description: 'Paths of servers that were added, changed or removed by it.' }),
  gateway: outcomeViewSchema,
});
export type Restoration = z.output<typeof restorationSchema>;

export const settingsSchema = z.strictObject({
  version: z.string(),
  node: z.string(),
  nginx: z.string().optional().meta({ description: 'Its version, once it is known.' }),
  startedAt: z.string(),
  toolSearch: z
    .strictObject({
      mode: z.enum(['lexical', 'hybrid']),
      model: z.string().optional(),
      tools: z.int().optional(),
      embedded: z.int().optional().meta({ description: 'Tools that have a vector.' }),
      fault: z.string().optional().meta({
        description: 'Why the embeddings endpoint was of no use when it was asked last.',
      }),
    })
    .meta({ description: 'How tools are searched; hybrid with an embeddings endpoint.' }),
  settings: z
    .array(
      z.strictObject({
        name: z.string(),
        value: z.string().nullable().meta({ description: 'Null: unset, or a secret.' }),
        isDefault: z.boolean().meta({ description: 'The environment says nothing of it.' }),
        secret: z.boolean(),
        description: z.string(),
      }),
    )
    .readonly(),
});
export type SettingsView = z.output<typeof settingsSchema>;

export const previewSchema = z.strictObject({
  files: z.array(fileSchema).readonly(),
  exclusions: z.array(exclusionSchema).readonly(),
  reload: z.boolean().meta({ description: 'Whether nginx would be reloaded.' }),
});

const detail = 'Only for callers with the permission gateway:read.';

export const healthReportSchema = z.strictObject({
  status: z.enum(['healthy', 'degraded']),
  version: z.string(),
  revision: z.int(),
  store: z.strictObject({
    writable: z.boolean(),
    reason: z.string().optional().meta({ description: detail }),
    remedy: z.string().optional().meta({ description: detail }),
  }),
  audit: z
    .strictObject({
      writable: z.boolean(),
      reason: z.string().optional().meta({ description: detail }),
      waiting: z.int().optional().meta({ description: detail }),
    })
    .meta({
      description: 'Whether the audit log takes entries; until it does they wait in memory.',
    }),
  gateway: z.strictObject({
    ...outcomeViewSchema.shape,
    reason: z.string().optional().meta({ description: detail }),
    certificate: certificateSchema
      .pick({ state: true, expiresAt: true })
      .optional()
      .meta({ description: 'Only with HTTPS of its own; anything but valid is degraded.' }),
  }),
  servers: z
    .strictObject({
      total: z.int(),
      enabled: z.int(),
      reachable: z.int(),
      unreachable: z.int(),
      unknown: z.int(),
      issues: z.int(),
      invalid: z.int(),
      excluded: z.int(),
    })
    .meta({
      description:
        'Those that the caller sees. All but total and invalid count enabled servers only.',
    }),
});
export type HealthReport = z.output<typeof healthReportSchema>;
