import type { Express, Request, RequestHandler, Response } from 'express';
import { RegistryError } from '../errors.js';
import { bodyOf, createBodyParsers } from './body.js';
import { createCrossSiteRefusal, createGuard, requirePrincipal } from './guard.js';
import { parseIfMatch } from './precondition.js';
import { contextOf } from './request-context.js';
import type { Call, Reply, Route } from './route.js';
import { sessionHandleOf, type Csrf } from './session.js';

export interface MountDeps {
  readonly csrf: Csrf;
  readonly clock: () => Date;
  readonly publicUrl: string;
}

/** Mounts every record: authorisation, then the body, then the handler. Other methods answer 405. */
export function mountRoutes(app: Express, routes: readonly Route[], deps: MountDeps): void {
  for (const [path, group] of groupByPath(routes)) {
    const pattern = expressPatternOf(path);
    for (const route of group) {
      app[route.method](pattern, ...gatesOf(route, deps), handlerOf(route, deps));
    }
    app.all(pattern, createMethodRefusal(group));
  }
}

/** `{path}` spans segments; what else stands in braces is one segment. */
function expressPatternOf(path: string): string {
  return path.replaceAll('{path}', '*path').replaceAll(/\{(\w+)\}/g, ':$1');
}

/** An open-ended pattern would take what belongs to the longer ones: it comes last. */
function groupByPath(routes: readonly Route[]): readonly (readonly [string, Route[]])[] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  }
  const isOpen = (path: string) => Number(path.endsWith('{path}'));
  return [...groups].sort(([a], [b]) => isOpen(a) - isOpen(b));
}

function gatesOf(route: Route, { csrf, publicUrl }: MountDeps): RequestHandler[] {
  const gate =
    route.permission === 'public'
      ? createCrossSiteRefusal(publicUrl)
      : createGuard(route.permission, csrf);
  const parsers =
    route.request?.body === undefined
      ? []
      : createBodyParsers({ form: route.request.form === true });
  return [gate, ...parsers];
}

function handlerOf(route: Route, deps: MountDeps): RequestHandler {
  return async (req, res) => {
    const call = callOf(req, deps);
    const reply =
      route.permission === 'public'
        ? await route.handle(call)
        : await route.handle({ ...call, principal: requirePrincipal(req) });
    sendReply(res, route, reply);
  };
}

function callOf(req: Request, deps: MountDeps): Call {
  const params = Object.entries(req.params).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join('/') : value,
  ]);
  return {
    params: Object.fromEntries(params) as Record<string, string>,
    query: req.query,
    body: bodyOf(req),
    principal: contextOf(req).principal,
    session: sessionHandleOf(req, deps),
    address: req.ip ?? '',
    expectedRevision: () => parseIfMatch(req.get('if-match')),
  };
}

function sendReply(res: Response, route: Route, reply: Reply<unknown>): void {
  const { status, mediaType } = route.success;
  res.status(status).set(reply.headers ?? {});
  if (reply.body === undefined) {
    res.end();
  } else if (mediaType !== undefined || Buffer.isBuffer(reply.body)) {
    // A handler may name the type itself, per file.
    if (!res.hasHeader('content-type')) res.type(mediaType ?? 'application/octet-stream');
    res.send(reply.body);
  } else {
    res.json(reply.body);
  }
}

function createMethodRefusal(group: readonly Route[]): RequestHandler {
  const methods = group.map(({ method }) => method.toUpperCase());
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (req, res) => {
    res.set('Allow', allow);
    if (req.method === 'OPTIONS') {
      res.status(204).end();
      return;
    }
    throw new RegistryError('method-not-allowed', `${req.path} takes ${allow}.`);
  };
}
