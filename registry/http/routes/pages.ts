import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { RegistryError } from '../../errors.js';
import { DOCS_INITIALIZER, DOCS_PAGE } from '../docs-page.js';
import { publicRoute, type Route } from '../route.js';

/** The files of swagger-ui-dist that the page needs; no other is served. */
const ASSETS: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css'],
  ['swagger-ui-bundle.js', 'text/javascript'],
  ['favicon-32x32.png', 'image/png'],
]);
const CACHE = { 'Cache-Control': 'public, max-age=3600' };

/** @param openApi gives the document of all routes, these included */
export function pageRoutes(openApi: () => Record<string, unknown>): readonly Route[] {
  return [
    publicRoute({
      method: 'get',
      path: '/api/openapi.json',
      permission: 'public',
      tag: 'Pages',
      summary: 'This document',
      success: {
        status: 200,
        description: 'OpenAPI 3.1',
        schema: z.record(z.string(), z.unknown()),
      },
      errors: [],
      handle: () => ({ body: openApi() }),
    }),
    publicRoute({
      method: 'get',
      path: '/docs',
      permission: 'public',
      tag: 'Pages',
      summary: 'The API for people to read and try',
      success: { status: 200, description: 'A page', schema: z.string(), mediaType: 'text/html' },
      errors: [],
      handle: () => ({ body: DOCS_PAGE }),
    }),
    publicRoute({
      method: 'get',
      path: '/docs/{asset}',
      permission: 'public',
      tag: 'Pages',
      summary: 'A file of that page',
      success: { status: 200, description: 'Its content', schema: z.unknown(), mediaType: '*/*' },
      errors: ['route-not-found'],
      handle: ({ params }) => assetReply(params.asset ?? ''),
    }),
  ];
}

async function assetReply(name: string) {
  if (name === 'initializer.js') {
    return { body: DOCS_INITIALIZER, headers: { ...CACHE, 'Content-Type': 'text/javascript' } };
  }
  const type = ASSETS.get(name);
  if (type === undefined) {
    throw new RegistryError('route-not-found', 'The page has no such file.');
  }
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('swagger-ui-dist/package.json'));
  const body = await readFile(path.join(folder, name));
  return { body, headers: { ...CACHE, 'Content-Type': type } };
}
