import { exportSchema, type ExportServers } from '../../operations/servers/export-servers.js';
import {
  importInputSchema,
  importPreviewSchema,
  type PreviewImport,
} from '../../operations/imports/import-preview.js';
import {
  importResultSchema,
  importServersInputSchema,
  type ImportServers,
} from '../../operations/imports/import-servers.js';
import { guardedRoute, type Route } from '../route.js';

const FORMATS =
  '`mcpServers` (Cursor, Claude, Windsurf, Gemini), `servers` (VS Code), server.json and lists of the official registry, ' +
  'files of the Python registry, and exports of this one';

export interface ImportRouteDeps {
  readonly previewImport: PreviewImport;
  readonly importServers: ImportServers;
  readonly exportServers: ExportServers;
}

export function importRoutes(deps: ImportRouteDeps): readonly Route[] {
  const { previewImport, importServers, exportServers } = deps;
  return [
    guardedRoute({
      method: 'post',
      path: '/api/import',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'Register the servers of a file, disabled, with a result for each',
      description:
        `Takes ${FORMATS}. Nothing is enabled. The same file a second time changes nothing; what cannot be taken over is ` +
        'refused with its reasons and hinders no other.',
      request: { body: importServersInputSchema, large: true },
      success: { status: 200, description: 'The results', schema: importResultSchema },
      errors: ['validation-failed'],
      audit: { action: 'server.import', target: () => ({ type: 'server' }), onlyWhenTouched: true },
      handle: async ({ body, principal }) => ({ body: await importServers(body, principal) }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/import/preview',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'What the servers of a file would be here',
      description:
        `Takes ${FORMATS}. Nothing is stored: each entry is registered by \`POST /api/servers\` with its \`input\`, ` +
        'disabled, or all of them by `POST /api/import`.',
      request: { body: importInputSchema, large: true },
      success: { status: 200, description: 'The entries', schema: importPreviewSchema },
      errors: ['validation-failed'],
      audit: 'none',
      handle: ({ body }) => ({ body: previewImport(body) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/export',
      permission: 'servers:read',
      tag: 'Servers',
      summary: 'The servers that the caller sees, as a file without secrets',
      description: '`POST /api/import` takes it.',
      success: { status: 200, description: 'The servers', schema: exportSchema },
      errors: [],
      handle: ({ principal }) => ({
        body: exportServers(principal),
        headers: { 'Content-Disposition': 'attachment; filename="mcp-servers.json"' },
      }),
    }),
  ];
}
