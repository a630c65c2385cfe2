import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Principal } from '../access/principal.js';

/** What we learn of a request on its way in. */
export interface RequestContext {
  readonly requestId: string;
  principal?: Principal;
}

const contexts = new WeakMap<Request, RequestContext>();
/** What nginx gives (`$call_id`). Anything else could be text meant for our log. */
const REQUEST_ID = /^[0-9a-f]{8}-\d{1,12}\.\d{3}-\d{1,20}-\d{1,20}$/;

/** Gives every request an id and every answer its header. */
export const identifyRequest: RequestHandler = (req, res, next) => {
  const requestId = requestIdOf(req.get('x-request-id'));
  contexts.set(req, { requestId });
  res.set('X-Request-Id', requestId);
  next();
};

/** The id that nginx gave, else a new one. */
export function requestIdOf(given = ''): string {
  return REQUEST_ID.test(given) ? given : randomBytes(16).toString('hex');
}

/** @throws when `identifyRequest` was not mounted */
export function contextOf(req: Request): RequestContext {
  const context = contexts.get(req);
  if (context === undefined) throw new Error('The request has no context.');
  return context;
}

/** Calls back once, when the answer was sent or the caller has gone. */
export function onceAnswered(res: Response, callback: () => void): void {
  res.once('close', callback);
}

/** A signal that ends when the caller has gone without having had the whole answer. */
export function untilGone(res: Response): AbortSignal {
  const gone = new AbortController();
  onceAnswered(res, () => {
    if (!res.writableFinished) gone.abort();
  });
  return gone.signal;
}
