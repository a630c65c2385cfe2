import { z } from 'zod';
import { mayCall } from '../../access/policy.js';
import type { Principal } from '../../access/principal.js';
import type { ToolFinder } from '../../search/tool-finder.js';
import type { Store } from '../../store/store.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { seenServers } from '../servers/server-lookup.js';
import { toolViewSchema, viewTool } from './tool-view.js';
import { validate } from '../validate.js';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 50;

export const toolSearchQuerySchema = z.strictObject({
  q: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(500)
    .meta({ description: 'What the tool should do, in words; mistyped ones are understood.' }),
  limit: z.coerce
    .number('must be a number')
    .pipe(z.int().min(1).max(MAX_LIMIT))
    .default(DEFAULT_LIMIT),
});

export const toolSearchSchema = z.strictObject({
  query: z.string(),
  mode: z.enum(['lexical', 'hybrid']).meta({
    description: 'How it was searched: by words, or by words and meaning.',
  }),
  modeReason: z
    .string()
    .optional()
    .meta({ description: 'Why less was searched than is set up; absent when all was.' }),
  results: z
    .array(
      z.strictObject({
        tool: toolViewSchema.meta({ id: 'Tool' }),
        serverName: z.string(),
        score: z.number().meta({ description: 'Comparable within one answer only.' }),
        reasons: z.array(z.string()).readonly(),
      }),
    )
    .readonly()
    .meta({ description: 'Best first.' }),
});
export type ToolSearchResult = z.output<typeof toolSearchSchema>;

export interface ToolSearch {
  /** Among the tools that the caller sees. @throws RegistryError `validation-failed` */
  search(query: unknown, by: Principal): Promise<ToolSearchResult>;
}

export function createToolSearch(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly monitor: Pick<UpstreamMonitor, 'discovery'>;
  readonly finder: ToolFinder;
}): ToolSearch {
  const { store, monitor, finder } = deps;
  return {
    search: async (input, { visibility }) => {
      const { q, limit } = validate(toolSearchQuerySchema, input);
      const seen = new Map(
        seenServers(store.state(), visibility).map((each) => [String(each.server.path), each]),
      );
      const admits = (path: string, tool: string) => {
        const server = seen.get(path);
        return server !== undefined && mayCall(server.seen, tool);
      };
      const { tools, ...how } = await finder.find({ text: q, limit, admits });
      const results = tools.flatMap(({ path, tool, score, reasons }) => {
        const server = seen.get(path)?.server;
        if (server === undefined) return [];
        const isStale = monitor.discovery(server.path)?.stale !== undefined;
        const rounded = Math.round(score * 1000) / 1000;
        const view = viewTool(tool, path, isStale);
        return [{ tool: view, serverName: server.name, score: rounded, reasons }];
      });
      return { query: q, ...how, results };
    },
  };
}
