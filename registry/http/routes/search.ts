import {
  toolSearchQuerySchema,
  toolSearchSchema,
  type ToolSearch,
} from '../../operations/tools/tool-search.js';
import { guardedRoute, type Route } from '../route.js';

export function searchRoutes(tools: ToolSearch): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/search/tools',
      permission: 'servers:read',
      tag: 'Tools',
      summary: 'Find tools by what they should do',
      description:
        'In names, titles, descriptions, parameters and servers, of the tools that the caller sees. Forms of a word and ' +
        'mistyped words are found as well, and what means the same when an embeddings endpoint is set up; each result says ' +
        'what matched. While that endpoint fails, `mode` is lexical and `modeReason` says why.',
      request: { query: toolSearchQuerySchema },
      success: { status: 200, description: 'The best matches', schema: toolSearchSchema },
      errors: ['validation-failed'],
      handle: async ({ query, principal }) => ({ body: await tools.search(query, principal) }),
    }),
  ];
}
