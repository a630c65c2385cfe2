import type { ErrorRequestHandler, RequestHandler } from 'express';
import { RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import { asRegistryError, problemHeaders, problemOf } from './problem.js';
import { contextOf } from './request-context.js';

/** Turns whatever was thrown into a problem document; faults of ours are logged here and only here. */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, req, res, _next) => {
    const error = asRegistryError(thrown);
    const { requestId } = contextOf(req);
    if (error.code === 'internal-error' || error.code === 'registry-broken') {
      log.error('A request failed unexpectedly.', { requestId, error: error.cause ?? error });
    }
    if (res.headersSent) {
      // The answer was cut; only closing the connection tells the caller.
      res.destroy();
      return;
    }
    const problem = problemOf(error, requestId);
    res.status(problem.status).set(problemHeaders(error)).type('application/problem+json');
    res.send(JSON.stringify(problem));
  };
}

/** For everything that no route took. */
export const refuseUnknownRoute: RequestHandler = (req) => {
  throw new RegistryError('route-not-found', `There is nothing at ${req.path}.`);
};
