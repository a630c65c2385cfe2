import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RequestHandler } from 'express';
import expressStaticGzip from 'express-static-gzip';
import { RegistryError } from '../errors.js';
import { publicRoute, type Route } from './route.js';
import { consolePolicy, policyText } from './security-headers.js';

const NONCE_PLACE = /__CSP_NONCE__/g;
const HASHED_SECONDS = 365 * 24 * 60 * 60;

/**
 * The console's scripts and styles, as Vite built them. Names of those in assets/ carry a hash of the content, so
 * that they may be kept for ever; each was compressed when it was built.
 * @param folder what Vite built
 */
export function createConsoleAssets(folder: string): RequestHandler {
  const files = expressStaticGzip(folder, {
    index: false,
    serveStatic: {
      redirect: false,
      cacheControl: false,
      setHeaders: (res, file) => {
        const isHashed = path.relative(folder, file).startsWith(`assets${path.sep}`);
        res.setHeader(
          'Cache-Control',
          isHashed ? `public, max-age=${HASHED_SECONDS}, immutable` : 'public, max-age=3600',
        );
      },
    },
  });
  // As a file it would go out without its nonce.
  return (req, res, next) => {
    if (req.path === '/index.html') next();
    else files(req, res, next);
  };
}

/** The page of the console at every address below /ui that is no file; what it shows is decided in the browser. */
export function consoleRoutes(folder: string): readonly Route[] {
  const template = readPage(folder);
  const page = (at: '/ui' | '/ui/{path}') =>
    publicRoute({
      method: 'get',
      path: at,
      permission: 'public',
      tag: 'Pages',
      summary: 'The console',
      success: { status: 200, description: 'A page', mediaType: 'text/html' },
      errors: ['route-not-found'],
      handle: ({ params }) => {
        if (params.path?.startsWith('assets/') === true) {
          throw new RegistryError('route-not-found', 'The console has no such file.');
        }
        return pageReply(template);
      },
    });
  return [
    publicRoute({
      method: 'get',
      path: '/',
      permission: 'public',
      tag: 'Pages',
      summary: 'Leads to the console',
      success: { status: 302, description: 'See /ui' },
      errors: [],
      handle: () => ({ headers: { Location: '/ui' } }),
    }),
    page('/ui'),
    page('/ui/{path}'),
  ];
}

function pageReply(template: string | undefined) {
  if (template === undefined) {
    throw new RegistryError(
      'route-not-found',
      'The console was not built. Run "npm run build"; the API is described at /docs.',
    );
  }
  const nonce = randomBytes(16).toString('base64');
  return {
    body: template.replace(NONCE_PLACE, nonce),
    headers: { 'Content-Security-Policy': policyText(consolePolicy(nonce)) },
  };
}

function readPage(folder: string): string | undefined {
  try {
    return readFileSync(path.join(folder, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}
