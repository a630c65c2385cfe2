import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import type { Authenticator } from '../access/authenticator.js';
import { RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import type { Audited } from '../operations/audit/audited.js';
import { bodyOf, createBodyParsers } from './body.js';
import { wantsEventStream, openEventStream } from './event-stream.js';
import { logFault } from './error-handler.js';
import {
  createCrossSiteRefusal,
  createGuard,
  createIdentification,
  requirePrincipal,
} from './guard.js';
import { createGateKeyCheck } from './gate-key.js';
import { parseIfMatch } from './precondition.js';
import { asRegistryError, problemOf } from './problem.js';
import { auditedChangeOf } from './request-audit.js';
import { isStreamed, sendStream } from './send-stream.js';
import { contextOf, untilGone } from './request-context.js';
import type { Call, Reply, Route } from './route.js';
import { sessionHandleOf, type Csrf } from './session.js';

export interface MountDeps {
  readonly authenticator: Pick<Authenticator, 'ofToken' | 'ofSession'>;
  readonly csrf: Csrf;
  readonly clock: () => Date;
  readonly publicUrl: string;
  /** What nginx shows to be let in. */
  readonly gateKey: string;
  readonly audited: Audited;
  readonly log: Log;
}

/** Mounts every record: authorisation, then the body, then the handler. Other methods answer 405. */
export function mountRoutes(app: Express, routes: readonly Route[], deps: MountDeps): void {
  for (const [path, group] of groupByPath(routes)) {
    const mounted = app.route(expressPatternOf(path));
    for (const route of group) {
      const gates = gatesOf(route, deps);
      const handlers = [
        gateRefusalOf(route, deps),
        streamerOf(route, deps),
        handlerOf(route, deps),
      ];
      mounted[route.method](...gates, ...handlers);
    }
    mounted.all(createMethodRefusal(group));
  }
}

/** `{path}`, `{group}` and `{serverName}` span segments; what else stands in braces is one segment. */
function expressPatternOf(path: string): string {
  return path.replaceAll(/\{(path|group|serverName)\}/g, '*$1').replaceAll(/\{(\w+)\}/g, ':$1');
}

/** An open-ended pattern would take what belongs to the longer ones: it comes last. */
function groupByPath(routes: readonly Route[]): readonly (readonly [string, Route[]])[] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  }
  const isOpen = (path: string) => Number(/\{(?:path|group)\}$/.test(path));
  return [...groups].sort(([a], [b]) => isOpen(a) - isOpen(b));
}

function gatesOf(route: Route, deps: MountDeps): RequestHandler[] {
  const { csrf, publicUrl, gateKey, authenticator } = deps;
  const gate =
    route.permission === 'public'
      ? createCrossSiteRefusal(publicUrl)
      : route.permission === 'gate'
        ? createGateKeyCheck(gateKey)
        : createGuard(route, csrf);
  const { request } = route;
  if (request?.body === undefined) return [gate];
  const parsers = createBodyParsers(request);
  if (route.permission === 'public' || route.permission === 'gate') return [gate, ...parsers];
  // A body may take minutes, and who sends it may have lost their rights by then.
  return [gate, ...parsers, createIdentification(authenticator), gate];
}

/**
 * Records what the gates refused. It stands before the handler: what is thrown there does not come back to it,
 * and is recorded with the work.
 */
function gateRefusalOf(route: Route, deps: MountDeps): ErrorRequestHandler {
  return (thrown: unknown, req, res, next) => {
    const call = callOf(req, res, deps);
    // Whoever is not known and only knocks at a closed door is a matter of the request log.
    if (route.permission === 'public' || call.principal !== undefined) {
      const change = auditedChangeOf(route, req, call);
      if (change !== undefined) deps.audited.refused(change, asRegistryError(thrown));
    }
    next(thrown);
  };
}

function handlerOf(route: Route, deps: MountDeps): RequestHandler {
  return async (req, res) => {
    const call = callOf(req, res, deps);
    const handle = () =>
      route.permission === 'public' || route.permission === 'gate'
        ? route.handle(call)
        : route.handle({ ...call, principal: requirePrincipal(req) });
    const change = auditedChangeOf(route, req, call);
    try {
      const reply = await (change === undefined ? handle() : deps.audited.run(change, handle));
      await sendReply(res, route, reply);
    } catch (thrown) {
      const page = errorPageOf(route, call, thrown);
      if (page === undefined) throw thrown;
      res.redirect(302, page);
    }
  };
}

/** Answers with an event stream where the route has one and the caller wants it. */
function streamerOf(route: Route, deps: MountDeps): RequestHandler {
  const stream = 'stream' in route ? route.stream : undefined;
  return async (req, res, next) => {
    if (stream === undefined || !wantsEventStream(req)) {
      next();
      return;
    }
    const call = { ...callOf(req, res, deps), principal: requirePrincipal(req) };
    const events = openEventStream(res);
    const handle = () => stream.handle(call, events.send);
    const change = auditedChangeOf(route, req, call);
    try {
      const reply = await (change === undefined ? handle() : deps.audited.run(change, handle));
      events.end('result', reply.body);
    } catch (thrown) {
      const error = asRegistryError(thrown);
      const { requestId } = contextOf(req);
      logFault(deps.log, error, requestId);
      events.end('problem', problemOf(error, requestId));
    }
  };
}

/** Where somebody who looks at a page in a browser is told of the error. */
function errorPageOf({ errorPage }: Route, call: Call, thrown: unknown): string | undefined {
  const wantsPage = (call.header('accept') ?? '').includes('text/html');
  if (errorPage === undefined || !wantsPage || !(thrown instanceof RegistryError)) return undefined;
  return `${errorPage}?error=${thrown.code}`;
}

function callOf(req: Request, res: Response, deps: MountDeps): Call {
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
    signal: untilGone(res),
    arrival: { scheme: req.secure ? 'https' : 'http', host: req.host },
    header: (name) => req.get(name),
    expectedRevision: () => parseIfMatch(req.get('if-match')),
  };
}

async function sendReply(res: Response, route: Route, reply: Reply<unknown>): Promise<void> {
  const { status, mediaType } = route.success;
  res.status(status).set(reply.headers ?? {});
  if (reply.body === undefined) {
    res.end();
  } else if (isStreamed(reply.body)) {
    await sendStream(res, reply.body);
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
