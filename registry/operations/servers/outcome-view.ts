import { z } from 'zod';
import type { GatewayOutcome } from '../../gateway/gateway.js';
import type { DiscoveryChange } from '../../catalog/discovery.js';
import type { ServerView } from './server-view.js';

/** What nginx made of a change, as every answer to a change tells it. */
export const outcomeViewSchema = z.strictObject({
  state: z.enum(['applied', 'pending', 'rejected', 'unchanged']),
  generation: z.string(),
  reason: z.string().optional(),
});

const changeSchema = z.strictObject({
  added: z.array(z.string()).readonly(),
  removed: z.array(z.string()).readonly(),
  changed: z.array(z.string()).readonly(),
});

/** What "check now" found different from before. */
export const changesViewSchema = z.strictObject({
  tools: changeSchema,
  prompts: changeSchema,
  resources: changeSchema,
});

/** A server after a change, and whether nginx serves it so. */
export interface ServerChange {
  readonly server: ServerView;
  readonly gateway: GatewayOutcome;
}

/** A server after a check, and what was different. */
export interface ServerRefresh extends ServerChange {
  readonly changes: {
    readonly tools: DiscoveryChange;
    readonly prompts: DiscoveryChange;
    readonly resources: DiscoveryChange;
  };
}

export interface Removal {
  readonly path: string;
  readonly gateway: GatewayOutcome;
}
