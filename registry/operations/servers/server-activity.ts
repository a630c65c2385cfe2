import type { Principal } from '../../access/principal.js';
import type { AuditLog, AuditPage } from '../../audit/audit-log.js';
import { beginAtPath } from '../../catalog/server.js';
import { RegistryError } from '../../errors.js';
import type { Store } from '../../store/store.js';
import { auditQuerySchema } from '../audit/audit-queries.js';
import { requireOwn } from './ownership.js';
import { requireTarget, targetPath, type Target } from './server-lookup.js';
import { validate } from '../validate.js';

export const serverActivityQuerySchema = auditQuerySchema.pick({ cursor: true, limit: true });

/**
 * What was done to a server and its tools, newest first: for those who may read the audit log, and for those who may
 * change the server. The latter see nothing of an earlier server at the same path.
 * @throws RegistryError `validation-failed`, `server-not-found`, `forbidden`
 */
export type ServerActivity = (path: string, query: unknown, by: Principal) => Promise<AuditPage>;

export function createServerActivity(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly auditLog: Pick<AuditLog, 'query'>;
}): ServerActivity {
  const { store, auditLog } = deps;
  return async (path, query, by) => {
    const state = store.state();
    const readsAll = by.permissions.has('audit:read');
    const found = requireTarget(state, path, by.visibility);
    if (!readsAll) {
      requireMayChange(by);
      requireOwn(state, path, by, 'servers:write-any');
    }
    const { cursor, limit } = validate(serverActivityQuerySchema, query);
    const from = readsAll ? undefined : beginOf(found);
    return auditLog.query({ filters: { target: targetPath(found), from }, cursor, limit });
  };
}

function requireMayChange({ permissions }: Principal): void {
  if (permissions.has('servers:write')) return;
  throw new RegistryError(
    'forbidden',
    'The activity of a server is for those who may change it, and for those with audit:read.',
  );
}

function beginOf(target: Target): string | undefined {
  return target.kind === 'server' ? beginAtPath(target.server) : undefined;
}
