import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import type { Authenticator } from '../access/authenticator.js';
import { RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import {
  OWN_MCP_PATH,
  type McpCaller,
  type OwnMcpServer,
} from '../operations/servers/own-mcp-server.js';
import { bodyOf, createBodyParsers } from './body.js';
import { logFault } from './error-handler.js';
import { bearerOf } from './guard.js';
import { asRegistryError, problemOf } from './problem.js';
import { contextOf } from './request-context.js';

interface EndpointDeps {
  readonly ownMcp: OwnMcpServer;
  readonly authenticator: Pick<Authenticator, 'ofToken'>;
  readonly publicUrl: string;
  readonly log: Log;
}

/** Of the gateway's own errors, as nginx words them (error-answer.conf). */
const GATEWAY_ERROR = -32080;

/**
 * Serves the registry's own MCP server. Nothing below its path is reached without a bearer token, whatever the method and
 * the address: a session cookie counts for nothing here, so that no page of another site can use it.
 */
export function mountOwnMcp(app: Express, deps: EndpointDeps): void {
  const { ownMcp } = deps;
  const bearerGate = createBearerGate(deps);
  app.use(OWN_MCP_PATH, createOriginCheck(deps.publicUrl), bearerGate);
  app.all([OWN_MCP_PATH, `${OWN_MCP_PATH}/mcp`], (req, res) =>
    ownMcp.answer(req, res, callerOf(req)),
  );
  app.get(`${OWN_MCP_PATH}/sse`, async (req, res, next) => {
    // Express takes HEAD for GET, and this answer would have no end.
    if (req.method === 'GET') await ownMcp.openStream(res, callerOf(req));
    else next();
  });
  // Once more, since a body may take minutes: see `mountRoutes`.
  app.post(`${OWN_MCP_PATH}/message`, ...createBodyParsers({}), bearerGate, (req, res) => {
    const { sessionId } = req.query;
    ownMcp.takeMessage(typeof sessionId === 'string' ? sessionId : '', bodyOf(req), callerOf(req));
    res.status(202).type('text/plain').send('Accepted');
  });
  app.use(OWN_MCP_PATH, refuse, createErrorAnswer(deps));
}

/** Pages that are led here by another name find a host that they did not come from. nginx takes away what it has checked. */
function createOriginCheck(publicUrl: string): RequestHandler {
  const publicHost = new URL(publicUrl).host;
  return (req, _res, next) => {
    const origin = req.get('origin');
    const host = origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined;
    if (origin === undefined || host === req.host || host === publicHost) next();
    else throw new RegistryError('forbidden', 'Pages of other sites may not call this.');
  };
}

function createBearerGate({ authenticator }: EndpointDeps): RequestHandler {
  return (req, _res, next) => {
    const token = bearerOf(req);
    const principal = token === undefined ? undefined : authenticator.ofToken(token);
    if (principal === undefined) {
      throw new RegistryError(
        'authentication-required',
        token === undefined
          ? 'Send a bearer token (Authorization: Bearer ...); POST /api/tokens or the console makes one.'
          : 'The bearer token is not known here, has expired or was revoked.',
      );
    }
    contextOf(req).principal = principal;
    next();
  };
}

function callerOf(req: Request): McpCaller {
  const { principal, requestId } = contextOf(req);
  if (principal === undefined) throw new Error('The request passed no gate.');
  return { principal, requestId, address: req.ip ?? '' };
}

const METHODS: ReadonlyMap<string, string> = new Map([
  [`${OWN_MCP_PATH}/sse`, 'GET'],
  [`${OWN_MCP_PATH}/message`, 'POST'],
]);

const refuse: RequestHandler = (req, res) => {
  const at = `${req.baseUrl}${req.path}`.replace(/\/$/, '');
  const method = METHODS.get(at);
  if (method === undefined)
    throw new RegistryError('route-not-found', `There is nothing at ${at}.`);
  res.set('Allow', method);
  throw new RegistryError('method-not-allowed', `${at} takes ${method}.`);
};

/** What is wrong before there is an MCP message, in the shape of every error of the gateway. */
function createErrorAnswer({ publicUrl, log }: EndpointDeps): ErrorRequestHandler {
  const metadata = `${publicUrl}/.well-known/oauth-protected-resource${OWN_MCP_PATH}/mcp`;
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, req, res: Response, _next) => {
    const error = asRegistryError(thrown);
    const { requestId } = contextOf(req);
    logFault(log, error, requestId);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const { status, detail, code } = problemOf(error, requestId);
    if (status === 401) {
      // RFC 6750 section 3.1: who has shown nothing is not told that it is wrong.
      const invalid = bearerOf(req) === undefined ? '' : ' error="invalid_token",';
      res.set('WWW-Authenticate', `Bearer${invalid} resource_metadata="${metadata}"`);
    }
    const data = { error: code, status, requestId };
    res
      .status(status)
      .json({ jsonrpc: '2.0', id: null, error: { code: GATEWAY_ERROR, message: detail, data } });
  };
}
