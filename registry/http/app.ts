import type { Express } from 'express';
import { gateLearnKey } from '../access/derived-key.js';
import type { Authenticator } from '../access/authenticator.js';
import type { Log } from '../log.js';
import { NO_TRACE, type Trace } from '../trace.js';
import type { AccessQueries } from '../operations/access/access-queries.js';
import type { AccountOperations } from '../operations/access/account-operations.js';
import type { ExportAudit } from '../operations/audit/audit-export.js';
import type { AuditQueries } from '../operations/audit/audit-queries.js';
import type { Audited } from '../operations/audit/audited.js';
import type { ClientGuides } from '../operations/servers/client-guides.js';
import type { LearnToken } from '../operations/access/gate-learning.js';
import type { GenerationOperations } from '../operations/system/generation-operations.js';
import type { GroupOperations } from '../operations/access/group-operations.js';
import type { LogIn } from '../operations/access/log-in.js';
import type { OidcOperations } from '../operations/access/oidc-operations.js';
import type { OwnMcpServer } from '../operations/servers/own-mcp-server.js';
import type { ServerActivity } from '../operations/servers/server-activity.js';
import type { ServerOperations } from '../operations/servers/server-operations.js';
import type { PublishedServers } from '../operations/published/published-servers.js';
import type { SessionOperations } from '../operations/access/session-operations.js';
import type { SystemOperations } from '../operations/system/system-operations.js';
import type { TokenOperations } from '../operations/access/token-operations.js';
import type { ToolSearch } from '../operations/tools/tool-search.js';
import type { UserOperations } from '../operations/access/user-operations.js';
import { consoleRoutes, createConsoleAssets } from './console.js';
import { createErrorHandler, refuseUnknownRoute } from './error-handler.js';
import { createCallerLookup, createPlainApp } from './plain-app.js';
import { mountRoutes } from './mount-routes.js';
import { buildOpenApi } from './openapi.js';
import { mountOwnMcp } from './own-mcp-endpoint.js';
import { openRegistryApi } from './registry-api-answers.js';
import { identifyRequest } from './request-context.js';
import { createRequestTrace } from './request-trace.js';
import { createRequestLog } from './request-log.js';
import type { Route } from './route.js';
import { accessRoutes } from './routes/access.js';
import { accountRoutes } from './routes/account.js';
import { auditRoutes } from './routes/audit.js';
import { clientRoutes } from './routes/clients.js';
import { gateLearningRoutes } from './routes/gate-learning.js';
import { gatewayRoutes, generationRoutes } from './routes/gateway.js';
import { groupRoutes } from './routes/groups.js';
import { healthRoutes } from './routes/health.js';
import { importRoutes, type ImportRouteDeps } from './routes/import.js';
import { loginCheckRoutes } from './routes/login-check.js';
import { metricsRoutes, type MetricsRouteDeps } from './routes/metrics.js';
import { oidcRoutes } from './routes/oidc.js';
import { pageRoutes } from './routes/pages.js';
import { pullRoutes, type PullRouteDeps } from './routes/pulls.js';
import { registerRoutes } from './routes/register.js';
import { registryApiRoutes } from './routes/registry-api.js';
import { searchRoutes } from './routes/search.js';
import { serverRoutes } from './routes/servers.js';
import { serverFactRoutes } from './routes/server-facts.js';
import { sessionRoutes } from './routes/session.js';
import { tokenRoutes } from './routes/tokens.js';
import { toolCallRoutes } from './routes/tool-calls.js';
import { toolRoutes } from './routes/tools.js';
import { usageRoutes, type UsageRouteDeps } from './routes/usage.js';
import { userRoutes } from './routes/users.js';
import { createSecurityHeaders } from './security-headers.js';
import { createCsrf, type SessionDeps } from './session.js';

export interface RouteDeps
  extends UsageRouteDeps, MetricsRouteDeps, ImportRouteDeps, PullRouteDeps {
  readonly servers: ServerOperations;
  readonly tokens: TokenOperations;
  readonly groups: GroupOperations;
  readonly system: SystemOperations;
  readonly generations: GenerationOperations;
  readonly logIn: LogIn;
  readonly users: UserOperations;
  readonly account: AccountOperations;
  readonly sessions: SessionOperations;
  readonly audit: AuditQueries;
  readonly exportAudit: ExportAudit;
  readonly serverActivity: ServerActivity;
  readonly clients: ClientGuides;
  readonly published: PublishedServers;
  readonly search: ToolSearch;
  readonly access: AccessQueries;
  readonly oidc: OidcOperations;
  readonly learnToken: LearnToken;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly version: string;
  /** The folder that the console was built into. */
  readonly consoleFolder: string;
}

export interface AppDeps extends RouteDeps, SessionDeps {
  readonly authenticator: Authenticator;
  readonly audited: Audited;
  /** The registry as an MCP server. */
  readonly ownMcp: OwnMcpServer;
  /** Addresses and networks whose X-Forwarded headers are believed, besides loopback. */
  readonly trustedProxies: readonly string[];
  readonly trace?: Trace;
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
    ...serverFactRoutes(servers),
    ...toolRoutes(servers),
    ...toolCallRoutes(servers),
    ...registerRoutes(servers),
    ...gatewayRoutes({ servers, system }),
    ...generationRoutes(deps),
    ...tokenRoutes(tokens),
    ...groupRoutes(deps.groups),
    ...auditRoutes(deps),
    ...usageRoutes(deps),
    ...searchRoutes(deps.search),
    ...importRoutes(deps),
    ...pullRoutes(deps),
    ...clientRoutes(deps.clients),
    ...registryApiRoutes(deps.published),
    ...accessRoutes(deps.access),
    ...gateLearningRoutes(deps.learnToken),
    ...healthRoutes(system),
    ...metricsRoutes(deps),
    ...pageRoutes(() => (document ??= buildOpenApi(routes, version))),
    ...consoleRoutes(deps.consoleFolder),
  ];
  return routes;
}

/** The registry's REST API as an Express application that does not listen yet. */
export function createApp(deps: AppDeps): Express {
  const csrf = createCsrf();
  const app = createPlainApp(deps.trustedProxies);
  app.use(identifyRequest, ...createRequestTrace(deps.trace ?? NO_TRACE));
  app.use(createRequestLog(deps.log), ...createSecurityHeaders());
  app.use(openRegistryApi);
  // Before sessions are looked at: files are the same for everybody.
  app.use('/ui', createConsoleAssets(deps.consoleFolder));
  // And this before sessions, because they count for nothing there.
  mountOwnMcp(app, deps);
  app.use(...createCallerLookup(deps));
  mountRoutes(app, buildRoutes(deps), {
    ...deps,
    csrf,
    gateKey: gateLearnKey(deps.secretKey),
  });
  app.use(refuseUnknownRoute, createErrorHandler(deps.log));
  return app;
}
