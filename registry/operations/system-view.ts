import { z } from 'zod';
import { exclusionViewSchema } from './exclusion-view.js';
import { outcomeViewSchema } from './outcome-view.js';

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

export const gatewayStatusSchema = z.strictObject({
  ...outcomeViewSchema.shape,
  appliedAt: z.string().optional(),
  exclusions: z.array(exclusionSchema),
  certificate: certificateSchema.optional(),
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
