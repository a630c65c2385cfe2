import express, { type Express, type RequestHandler } from 'express';
import type { Authenticator } from '../access/authenticator.js';
import { createIdentification } from './guard.js';
import { createSessionLimit, createSessionLoader, type SessionDeps } from './session.js';

/** An application with our settings and nothing in it. */
export function createPlainApp(trustedProxies: readonly string[]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  // Our nginx calls from loopback.
  app.set('trust proxy', ['loopback', ...trustedProxies]);
  return app;
}

/** What finds out who calls, by session or bearer token; needs `identifyRequest` before it. */
export function createCallerLookup(
  deps: SessionDeps & { readonly authenticator: Authenticator },
): RequestHandler[] {
  return [
    createSessionLoader(deps),
    createSessionLimit(deps.clock),
    createIdentification(deps.authenticator),
  ];
}
