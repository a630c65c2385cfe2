import type { Server } from '../catalog/server.js';
import { accessOfHolder, type AccessHolder } from './access-holder.js';
import type { Group } from './group.js';
import { matches, mayCall } from './policy.js';

/** One pattern of one group that has a say. */
interface DecidingRule {
  readonly group: string;
  readonly effect: 'allow' | 'deny';
  readonly pattern: string;
  readonly matches: 'server' | 'tool';
}

export interface AccessExplanation {
  readonly allowed: boolean;
  readonly access: 'none' | 'some' | 'all' | 'public';
  /** One or more sentences. */
  readonly reason: string;
  readonly rules: readonly DecidingRule[];
}

type ExplainedServer = Pick<Server, 'path' | 'access' | 'enabled'>;

/**
 * Says whether somebody may use a server, or one tool of it, and which patterns decide it. It decides nothing itself:
 * `accessOfHolder` and `mayCall` do, as at the gate.
 * @param groups all groups that there are
 * @param tool absent: whether they may use anything of it
 */
export function explainAccess(
  server: ExplainedServer,
  holder: AccessHolder,
  groups: readonly Group[],
  tool?: string,
): AccessExplanation {
  const off = server.enabled
    ? ''
    : ' The server is disabled at present, so that every call is answered 503.';
  if (server.access === 'public') {
    const reason = 'The server is public: whoever reaches the gateway may use it, without a token.';
    return { allowed: true, access: 'public', reason: reason + off, rules: [] };
  }
  const access = accessOfHolder(holder, server, groups);
  const allowed = tool === undefined ? access.kind !== 'none' : mayCall(access, tool);
  const rules = holder.kind === 'groups' ? decidingRules(server, holder.groups, groups, tool) : [];
  const why =
    holder.kind === 'groups' ? reasonOf(server, holder.groups, rules, allowed, tool) : holder.why;
  const reason = `${allowed ? 'Allowed' : 'Not allowed'}: ${why}.${missing(holder, groups)}${off}`;
  return { allowed, access: access.kind, reason, rules };
}

/** Every pattern for the server of the named groups, and those for the tool, or all for tools where none is named. */
function decidingRules(
  { path }: ExplainedServer,
  names: readonly string[],
  groups: readonly Group[],
  tool: string | undefined,
): DecidingRule[] {
  const concerns = (pattern: string) => tool === undefined || matches(pattern, tool);
  return groups
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name: group, servers, tools, denyTools }): DecidingRule[] => {
      const forServer = servers.filter((pattern) => matches(pattern, path));
      if (forServer.length === 0) return [];
      return [
        ...forServer.map((pattern) => rule(group, 'allow', pattern, 'server')),
        ...tools.filter(concerns).map((pattern) => rule(group, 'allow', pattern, 'tool')),
        ...denyTools.filter(concerns).map((pattern) => rule(group, 'deny', pattern, 'tool')),
      ];
    });
}

function rule(
  group: string,
  effect: DecidingRule['effect'],
  pattern: string,
  of: DecidingRule['matches'],
): DecidingRule {
  return { group, effect, pattern, matches: of };
}

function reasonOf(
  { path }: ExplainedServer,
  names: readonly string[],
  rules: readonly DecidingRule[],
  allowed: boolean,
  tool: string | undefined,
): string {
  const forTools = rules.filter((each) => each.matches === 'tool');
  const denial = forTools.find(({ effect }) => effect === 'deny');
  const allowance = forTools.find(({ effect }) => effect === 'allow');
  if (names.length === 0) return 'there are no groups, and nothing is allowed without one';
  if (rules.length === 0) return `none of the groups ${names.join(', ')} names ${path}`;
  const named = tool === undefined ? 'every tool that is given' : `the tool ${quoted(tool)}`;
  if (!allowed && denial !== undefined && allowance !== undefined) {
    return `${quoted(denial.pattern)} of the group ${denial.group} denies ${named}`;
  }
  if (!allowed) {
    const naming = [...new Set(rules.map(({ group }) => group))].join(', ');
    const lack = tool === undefined ? 'any tool of it' : named;
    return `the groups that name ${path} (${naming}) do not give ${lack}`;
  }
  if (tool === undefined) {
    const giving = forTools.filter(({ effect }) => effect === 'allow').map(({ group }) => group);
    return `tools of ${path} are given by the groups ${[...new Set(giving)].join(', ')}`;
  }
  return `${quoted(allowance?.pattern ?? '')} of the group ${allowance?.group ?? ''} gives ${named}`;
}

function missing(holder: AccessHolder, groups: readonly Group[]): string {
  if (holder.kind !== 'groups') return '';
  const lost = holder.groups.filter((name) => !groups.some((group) => group.name === name));
  return lost.length === 0 ? '' : ` There is no group ${lost.join(', ')}.`;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
