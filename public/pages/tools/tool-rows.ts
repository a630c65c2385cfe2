import type { ToolView } from '../../../registry/operations/tools/tool-view.js';
import type { ServerSummary } from '../../api/servers';

/** A line of the list of all tools. */
export type ToolRow =
  | { readonly kind: 'server'; readonly path: string; readonly server: ServerSummary | undefined }
  | { readonly kind: 'tool'; readonly tool: ToolView };

/** Puts the name of each server before its tools, which come in a row. */
export function toolRows(
  tools: readonly ToolView[],
  servers: readonly ServerSummary[],
): readonly ToolRow[] {
  const known = new Map(servers.map((server) => [server.path, server]));
  const rows: ToolRow[] = [];
  let path: string | undefined;
  for (const tool of tools) {
    if (tool.server !== path) {
      path = tool.server;
      rows.push({ kind: 'server', path, server: known.get(path) });
    }
    rows.push({ kind: 'tool', tool });
  }
  return rows;
}
