import type { Request, RequestHandler, Response } from 'express';
import { NO_TRACE, type Span, type Trace } from '../trace.js';
import { contextOf, onceAnswered } from './request-context.js';

/**
 * One span for each request, by method, route and status; needs `identifyRequest` before it. Addresses stay out, for they
 * may hold names, and queries secrets.
 */
export function createRequestTrace(trace: Trace): RequestHandler[] {
  if (trace === NO_TRACE) return [];
  const handler: RequestHandler = (req, res, next) => {
    const answered = (span: Span) =>
      new Promise<void>((resolve) => {
        onceAnswered(res, () => {
          tell(span, req, res);
          resolve();
        });
        next();
      });
    const facts = {
      'http.request.method': req.method,
      'mcp_gateway.request_id': contextOf(req).requestId,
    };
    trace.span(req.method, answered, { kind: 'server', from: req.headers, facts }).catch(next);
  };
  return [handler];
}

function tell(span: Span, req: Request, res: Response): void {
  const route = (req.route as { readonly path?: unknown } | undefined)?.path;
  if (typeof route === 'string') {
    span.rename(`${req.method} ${route}`);
    span.note({ 'http.route': route });
  }
  if (res.headersSent) span.note({ 'http.response.status_code': res.statusCode });
  if (!res.writableFinished) span.fail('caller-gone');
  else if (res.statusCode >= 500) span.fail(String(res.statusCode));
}
