import type { Principal } from '../../access/principal.js';
import { RegistryError } from '../../errors.js';
import type { SystemOperations } from '../../operations/system/system-operations.js';
import { healthReportSchema, type HealthReport } from '../../operations/system/system-view.js';
import { publicRoute, type Route } from '../route.js';

export function healthRoutes(system: SystemOperations): readonly Route[] {
  return [
    publicRoute({
      method: 'get',
      path: '/health',
      permission: 'public',
      tag: 'Health',
      summary: 'Whether the registry is well; degraded is still 200',
      description:
        'The status is that of everything; servers are counted as far as the caller sees them, strangers see public ' +
        'ones. Reasons may name servers and files, and are for callers with the permission `gateway:read`.',
      success: { status: 200, description: 'Healthy or degraded', schema: healthReportSchema },
      errors: ['registry-broken'],
      handle: ({ principal }) => ({ body: reportOf(system, principal) }),
    }),
  ];
}

/** That the report cannot even be made is the one thing that makes the registry broken. */
function reportOf(system: SystemOperations, principal: Principal | undefined): HealthReport {
  try {
    return system.health(principal);
  } catch (cause) {
    throw new RegistryError('registry-broken', 'The registry cannot tell how it is.', { cause });
  }
}
