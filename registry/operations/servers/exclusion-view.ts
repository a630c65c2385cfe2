import { z } from 'zod';
import type { ExclusionReason } from '../../gateway/gateway.js';

/** One key per reason, so that a new reason does not compile until it is here. */
const REASONS = {
  'invalid-record': true,
  'upstream-unresolved': true,
  'upstream-unverifiable': true,
  'upstream-refused-by-policy': true,
  'refused-by-nginx': true,
} as const satisfies Record<ExclusionReason, true>;

/** Why nginx does not serve a server, or serves it without an upstream. */
export const exclusionViewSchema = z.strictObject({
  reason: z.enum(Object.keys(REASONS) as ExclusionReason[]),
  detail: z.string(),
});
