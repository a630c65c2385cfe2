import type { ErrorRequestHandler, RequestHandler } from 'express';
import { RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import { asRegistryError, problemHeaders, problemOf } from './problem.js';
import { isRegistryApi, registryApiProblem } from './registry-api-answers.js';
import { contextOf } from './request-context.js';

/** Turns whatever was thrown into a problem document; faults of ours are logged. */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, req, res, _next) => {
    const error = asRegistryError(thrown);
    const { requestId } = contextOf(req);
    logFault(log, error, requestId);
    if (res.headersSent) {
      // The answer was cut; only closing the connection tells the caller.
      res.destroy();
      return;
    }
    const problem = problemOf(error, requestId);
    const body = isRegistryApi(req.path) ? registryApiProblem(problem) : problem;
    res.status(problem.status).set(problemHeaders(error)).type('application/problem+json');
    res.send(JSON.stringify(body));
  };
}

/** Logs a fault of ours; faults of callers are told to them alone. */
export function logFault(log: Log, error: RegistryError, requestId: string): void {
  if (error.code !== 'internal-error' && error.code !== 'registry-broken') return;
  log.error('A request failed unexpectedly.', { requestId, error: error.cause ?? error });
}

/** For everything that no route took. */
export const refuseUnknownRoute: RequestHandler = (req) => {
  throw new RegistryError('route-not-found', `There is nothing at ${req.path}.`);
};
