import { parse } from 'node:querystring';
import express, { type Request, type RequestHandler } from 'express';
import { RegistryError } from '../errors.js';

const LIMIT = '1mb';
/** Of routes that take files with everything that a registry has; nginx lets them through (registry-routes.conf). */
const LARGE = '12mb';
const JSON_TYPES = ['application/json', 'application/*+json'];
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Parsers for the bodies that a route takes. They run after the caller was authorised. */
export function createBodyParsers({
  form = false,
  large = false,
}: {
  readonly form?: boolean | undefined;
  readonly large?: boolean | undefined;
}): RequestHandler[] {
  const limit = large ? LARGE : LIMIT;
  return [
    requireKnownType(form ? [...JSON_TYPES, FORM_TYPE] : JSON_TYPES),
    express.json({ limit, type: JSON_TYPES }),
    ...(form ? [express.text({ limit, type: FORM_TYPE }), readForm] : []),
  ];
}

/** As queries are read. The parser of Express drops fields such as `__proto__`, and what is unknown has to be refused. */
const readForm: RequestHandler = (req, _res, next) => {
  const body: unknown = req.body;
  if (typeof body === 'string') req.body = parse(body, undefined, undefined, { maxKeys: 0 });
  next();
};

/** The parsed body; `{}` when the request has none. */
export function bodyOf(req: Request): unknown {
  return req.body ?? {};
}

/** One field of a body that was not validated; undefined where there is none. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null
    ? (body as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function requireKnownType(types: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    // `is` gives null where there is no body.
    if (req.is([...types]) !== false || req.get('content-length') === '0') {
      next();
      return;
    }
    throw new RegistryError(
      'unsupported-media-type',
      `The body must be ${types.includes(FORM_TYPE) ? 'JSON or a URL-encoded form' : 'JSON'}, with Content-Type: application/json${types.includes(FORM_TYPE) ? ` or ${FORM_TYPE}` : ''}.`,
    );
  };
}
