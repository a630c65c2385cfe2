import type { Request } from 'express';
import type { AuditActor, AuditEntry } from '../audit/audit-entry.js';
import { actorOf, type AuditedChange } from '../operations/audit/audited.js';
import { contextOf } from './request-context.js';
import type { Call, Route } from './route.js';

/** What the scripts of this product call themselves (scripts/api.sh). */
const SCRIPT_AGENT = /^mcpgw-scripts\b/;

/** What the audit log is to say of a request; undefined for routes that change nothing. */
export function auditedChangeOf(route: Route, req: Request, call: Call): AuditedChange | undefined {
  const { audit } = route;
  if (audit === undefined || audit === 'none') return undefined;
  const { action, refusedAs, onlyWhenTouched } = audit;
  const beganAs = sessionBegun(req);
  return {
    action,
    ...(refusedAs !== undefined && { refusedAs }),
    ...(onlyWhenTouched && { onlyWhenTouched }),
    // After a log-in it is who has logged in, and not whoever sat there before.
    actor: (): AuditActor => {
      const username = beganAs();
      return username === undefined ? actorOf(call.principal) : { kind: 'user', username };
    },
    target: () => {
      const target = audit.target(call);
      const username = beganAs();
      // A log-in through the identity provider names nobody before it is over.
      const isUnnamed = target.type === 'user' && target.id === undefined;
      return isUnnamed && username !== undefined ? { ...target, id: username } : target;
    },
    from: { address: call.address, via: viaOf(req, call) },
    requestId: contextOf(req).requestId,
  };
}

/** @returns tells later whose session the request has begun since now, if any */
function sessionBegun(req: Request): () => string | undefined {
  const { sessionID } = req;
  return () => {
    // express-session takes the property away when it ends a session.
    const session = req.session as typeof req.session | undefined;
    return req.sessionID === sessionID ? undefined : session?.username;
  };
}

/** A bearer token is somebody's own program, a cookie a browser. */
function viaOf(req: Request, { principal }: Call): NonNullable<AuditEntry['from']>['via'] {
  if (SCRIPT_AGENT.test(req.get('user-agent') ?? '')) return 'script';
  return principal?.kind === 'token' ? 'api' : 'ui';
}
