import { z } from 'zod';
import type { Health, HealthCause } from '../../upstream/health.js';

/** One key per cause, so that a new cause does not compile until it is here. */
const CAUSES = {
  dns: true,
  tcp: true,
  tls: true,
  timeout: true,
  'http-error': true,
  redirect: true,
  'rate-limited': true,
  'wrong-endpoint': true,
  'protocol-error': true,
  'auth-required': true,
  forbidden: true,
  'refused-by-policy': true,
  'credential-unreadable': true,
  'auth-token-failed': true,
} as const satisfies Record<HealthCause, true>;

/** The health of a server as the outside sees it. */
export const healthViewSchema = z.strictObject({
  reachable: z.enum(['yes', 'no', 'unknown']),
  usable: z.enum(['ok', 'auth-required', 'error', 'unknown']),
  cause: z.enum(Object.keys(CAUSES) as HealthCause[]).optional(),
  message: z.string().optional(),
  httpStatus: z.int().optional(),
  latencyMs: z.number().optional(),
  checkedAt: z.string().optional(),
});

/** Whether the health is something to act on; what is not known yet is not. */
export function isUnhealthy(health: Pick<Health, 'reachable' | 'usable'>): boolean {
  return health.reachable === 'no' || health.usable === 'error';
}
