import express, { type Express } from 'express';
import { gateLearnKey } from '../access/derived-key.js';
import type { Authenticator } from '../access/authenticator.js';
import type { Log } from '../log.js';
import type { AccountOperations } from '../operations/account-operations.js';
import type { AuditQueries } from '../operations/audit-queries.js';
import type { Audited } from '../operations/audited.js';
import type { LearnToken } from '../operations/gate-learning.js';
import type { GroupOperations } from '../operations/group-operations.js';
import type { LogIn } from '../operations/log-in.js';
import type { OidcOperations } from '../operations/oidc-operations.js';
import type { ServerOperations } from '../operations/server-operations.js';
import type { SessionOperations } from '../operations/session-operations.js';
import type { SystemOperations } from '../operations/system-operations.js';
import type { TokenOperations } from '../operations/token-operations.js';
import type { UserOperations } from '../operations/user-operations.js';
import { createErrorHandler, refuseUnknownRoute } from './error-handler.js';
import { createIdentification } from './guard.js';
import { mountRoutes } from './mount-routes.js';
import { buildOpenApi } from './openapi.js';
import { identifyRequest } from './request-context.js';
import { createRequestLog } from './request-log.js';
import type { Route } from './route.js';
import { accountRoutes } from './routes/account.js';
import { auditRoutes } from './routes/audit.js';
import { gateLearningRoutes } from './routes/gate-learning.js';
import { gatewayRoutes } from './routes/gateway.js';
import { groupRoutes } from './routes/groups.js';
import { healthRoutes } from './routes/health.js';
import { loginCheckRoutes } from './routes/login-check.js';
import { oidcRoutes } from './routes/oidc.js';
import { pageRoutes } from './routes/pages.js';
import { registerRoutes } from './routes/register.js';
import { serverRoutes } from './routes/servers.js';
import { sessionRoutes } from './routes/session.js';
import { tokenRoutes } from './routes/tokens.js';
import { toolRoutes } from './routes/tools.js';
import { userRoutes } from './routes/users.js';
import { createSecurityHeaders } from './security-headers.js';
import {
  createCsrf,
  createSessionLimit,
  createSessionLoader,
  type SessionDeps,
} from './session.js';

export interface RouteDeps {
  readonly servers: ServerOperations;
  readonly tokens: TokenOperations;
  readonly groups: GroupOperations;
  readonly system: SystemOperations;
  readonly logIn: LogIn;
  readonly users: UserOperations;
  readonly account: AccountOperations;
  readonly sessions: SessionOperations;
  readonly audit: AuditQueries;
  readonly oidc: OidcOperations;
  readonly learnToken: LearnToken;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly version: string;
}

export interface AppDeps extends RouteDeps, SessionDeps {
  readonly authenticator: Authenticator;
  readonly audited: Audited;
  /** Addresses and networks whose X-Forwarded headers are believed, besides loopback. */
  readonly trustedProxies: readonly string[];
  readonly log: Log;
}

/** Everything that the registry answers over HTTP; nothing else is mounted. */
export function buildRoutes(deps: RouteDeps): readonly Route[] {
  const { servers, tokens, system, version } = deps;
  let document: Record<string, unknown> | undefined;
  const routes: readonly Route[] = [
    ...sessionRoutes(deps),
    ...loginCheckRoutes(deps.publicUrl),
    ...oidcRoutes(deps.oidc, deps.publicUrl),
    ...accountRoutes(deps),
    ...userRoutes(deps.users),
    ...serverRoutes(servers),
    ...toolRoutes(servers),
    ...registerRoutes(servers),
    ...gatewayRoutes({ servers, system }),
    ...tokenRoutes(tokens),
    ...groupRoutes(deps.groups),
    ...auditRoutes(deps.audit),
    ...gateLearningRoutes(deps.learnToken),
    ...healthRoutes(system),
    ...pageRoutes(() => (document ??= buildOpenApi(routes, version))),
  ];
  return routes;
}

/** The registry's REST API as an Express application that does not listen yet. */
export function createApp(deps: AppDeps): Express {
  const csrf = createCsrf();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  // Our nginx calls from loopback.
  app.set('trust proxy', ['loopback', ...deps.trustedProxies]);
  app.use(identifyRequest, createRequestLog(deps.log), ...createSecurityHeaders());
  app.use(createSessionLoader(deps), createSessionLimit(deps.clock));
  app.use(createIdentification(deps.authenticator));
  mountRoutes(app, buildRoutes(deps), {
    ...deps,
    csrf,
    gateKey: gateLearnKey(deps.secretKey),
  });
  app.use(refuseUnknownRoute, createErrorHandler(deps.log));
  return app;
}
