import type { RequestHandler } from 'express';
import type { Log } from '../log.js';
import { contextOf, onceAnswered } from './request-context.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** One line per request: changes at `info`, the rest at `debug`. Queries may hold secrets and stay out. */
export function createRequestLog(log: Log): RequestHandler {
  return (req, res, next) => {
    const begun = performance.now();
    const { method, path } = req;
    onceAnswered(res, () => {
      const { requestId, principal } = contextOf(req);
      log[SAFE.has(method) ? 'debug' : 'info']('Request.', {
        method,
        path,
        status: res.statusCode,
        ms: Math.round(performance.now() - begun),
        requestId,
        ...(principal && { principal: principal.username, kind: principal.kind }),
      });
    });
    next();
  };
}
