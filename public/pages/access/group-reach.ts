import type { GroupInput } from '../../api/groups';
import type { ToolName } from '../../api/tool-names';
import { matchesPattern } from './pattern';

interface ReachedTool {
  readonly name: string;
  readonly effect: 'allowed' | 'denied';
}

export interface ReachedServer {
  readonly path: string;
  readonly name: string;
  /** Those that a pattern names, in the order of the server. */
  readonly tools: readonly ReachedTool[];
}

export interface Reach {
  readonly servers: readonly ReachedServer[];
  readonly allowed: number;
  readonly denied: number;
}

/** What to choose tools from: those of the servers that patterns match; all, while none does. */
export function toolNamesFor(patterns: readonly string[], tools: readonly ToolName[]): string[] {
  const of = tools.filter(({ server }) =>
    patterns.some((pattern) => matchesPattern(pattern, server)),
  );
  return [...new Set((of.length > 0 ? of : tools).map(({ name }) => name))];
}

/** The patterns of tools after a change. Who adds a name to the "*" of a new group wants that, and not everything. */
export function narrowed(before: readonly string[], after: readonly string[]): string[] {
  const wasAll = before.length === 1 && before[0] === '*';
  return after.filter((pattern) => !wasAll || after.length === 1 || pattern !== '*');
}

/** Which servers and tools, of those that there are now, a group's patterns concern. */
export function reachOf(
  group: Pick<GroupInput, 'servers' | 'tools' | 'denyTools'>,
  servers: readonly { readonly path: string; readonly name: string }[],
  tools: readonly ToolName[],
): Reach {
  const isOf = (patterns: readonly string[], text: string) =>
    patterns.some((pattern) => matchesPattern(pattern, text));
  const byServer = new Map<string, ToolName[]>();
  for (const tool of tools) {
    const known = byServer.get(tool.server);
    if (known === undefined) byServer.set(tool.server, [tool]);
    else known.push(tool);
  }
  const reached = servers
    .filter(({ path }) => isOf(group.servers, path))
    .map(({ path, name }) => ({
      path,
      name,
      tools: (byServer.get(path) ?? []).flatMap((tool): ReachedTool[] => {
        if (isOf(group.denyTools, tool.name)) return [{ name: tool.name, effect: 'denied' }];
        return isOf(group.tools, tool.name) ? [{ name: tool.name, effect: 'allowed' }] : [];
      }),
    }));
  const count = (effect: ReachedTool['effect']) =>
    reached.flatMap((server) => server.tools).filter((tool) => tool.effect === effect).length;
  return { servers: reached, allowed: count('allowed'), denied: count('denied') };
}
