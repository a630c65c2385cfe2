import { RegistryError } from '../../errors.js';
import type { SystemOperations } from '../../operations/system-operations.js';
import { healthReportSchema, type HealthReport } from '../../operations/system-view.js';
import { publicRoute, type Route } from '../route.js';

export function healthRoutes(system: SystemOperations): readonly Route[] {
  return [
    publicRoute({
      method: 'get',
      path: '/health',
      permission: 'public',
      tag: 'Health',
      summary: 'Whether the registry is well; degraded is still 200, reasons are for known callers',
      success: { status: 200, description: 'Healthy or degraded', schema: healthReportSchema },
      errors: ['registry-broken'],
      handle: ({ principal }) => ({ body: reportOf(system, principal !== undefined) }),
    }),
  ];
}

/** That the report cannot even be made is the one thing that makes the registry broken. */
function reportOf(system: SystemOperations, detailed: boolean): HealthReport {
  try {
    return system.health(detailed);
  } catch (cause) {
    throw new RegistryError('registry-broken', 'The registry cannot tell how it is.', { cause });
  }
}
