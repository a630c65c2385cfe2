import express, { type Express } from 'express';
import type { Authenticator } from '../access/authenticator.js';
import type { Log } from '../log.js';
import type { LogIn } from '../operations/log-in.js';
import type { ServerOperations } from '../operations/server-operations.js';
import type { SystemOperations } from '../operations/system-operations.js';
import type { TokenOperations } from '../operations/token-operations.js';
import { createErrorHandler, refuseUnknownRoute } from './error-handler.js';
import { createIdentification } from './guard.js';
import { mountRoutes } from './mount-routes.js';
import { buildOpenApi } from './openapi.js';
import { identifyRequest } from './request-context.js';
import { createRequestLog } from './request-log.js';
import type { Route } from './route.js';
import { gatewayRoutes } from './routes/gateway.js';
import { healthRoutes } from './routes/health.js';
import { pageRoutes } from './routes/pages.js';
import { registerRoutes } from './routes/register.js';
import { serverRoutes } from './routes/servers.js';
import { sessionRoutes } from './routes/session.js';
import { tokenRoutes } from './routes/tokens.js';
import { toolRoutes } from './routes/tools.js';
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
  readonly system: SystemOperations;
  readonly logIn: LogIn;
  readonly version: string;
}

export interface AppDeps extends RouteDeps, SessionDeps {
  readonly authenticator: Authenticator;
  /** Addresses and networks whose X-Forwarded headers are believed, besides loopback. */
  readonly trustedProxies: readonly string[];
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly log: Log;
}

/** Everything that the registry answers over HTTP; nothing else is mounted. */
export function buildRoutes(deps: RouteDeps): readonly Route[] {
  const { servers, tokens, system, logIn, version } = deps;
  let document: Record<string, unknown> | undefined;
  const routes: readonly Route[] = [
    ...sessionRoutes(logIn),
    ...serverRoutes(servers),
    ...toolRoutes(servers),
    ...registerRoutes(servers),
    ...gatewayRoutes({ servers, system }),
    ...tokenRoutes(tokens),
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
  mountRoutes(app, buildRoutes(deps), { ...deps, csrf });
  app.use(refuseUnknownRoute, createErrorHandler(deps.log));
  return app;
}
