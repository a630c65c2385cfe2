import type { GateRecord } from './gate-record.js';
import { accessTo, mayCall, type AccessRule } from './policy.js';

/** A file takes 4 kB in memory whatever it holds, but nginx reads all of it for each call. */
const MAX_NAMED_CALLS = 2000;

/**
 * A gate record as nginx reads it (nginx/snippets/gate-verdicts.conf). Most calls are decided by the first line:
 * `<expires, or 0> <server, or several with commas, or *> <session key> <principal> <servers of which every tool may be used...>`.
 * Where that line does not say everything, lines follow with an address and a tool that may be called there
 * (nginx/njs/glance.js), and one with the rules in JSON (nginx/njs/policy.js); of what was learned, the whole record.
 */
export function gateText(record: GateRecord): string {
  if ('refused' in record) return [`${record.expires} refused`, JSON.stringify(record)].join('\n');
  const { rules } = record;
  const open = openServers(rules);
  const head = [
    record.expires ?? 0,
    [record.server ?? '*'].flat().join(','),
    record.session,
    encodeURIComponent(record.principal),
    ...open,
  ].join(' ');
  const isAll = open.includes('*') || rules.every((rule) => isOpen(rule));
  if (isAll && record.learned !== true) return head;
  const last = JSON.stringify(record.learned === true ? record : { rules });
  return [head, ...namedCalls(rules), last].join('\n');
}

/** The record that was learned of which `gateText` made this text; undefined of any other. */
export function learnedRecordIn(text: string): GateRecord | undefined {
  const at = text.lastIndexOf('\n');
  if (at === -1) return undefined;
  try {
    const record = JSON.parse(text.slice(at + 1)) as GateRecord | null;
    return record?.learned === true ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Calls of tools that are named in the rules, on servers that are, as far as the rules allow them: `/a/mcp tool`. */
function namedCalls(rules: readonly AccessRule[]): string[] {
  const calls = new Set<string>();
  let length = 0;
  for (const { servers, tools } of rules) {
    for (const server of servers.filter((each) => /^\/[a-z0-9/_-]+$/.test(each))) {
      const access = accessTo(server, rules);
      for (const tool of tools.filter((each) => /^[\w./:-]+$/.test(each))) {
        const call = `${server}/mcp ${tool}`;
        if (calls.has(call) || !mayCall(access, tool)) continue;
        length += call.length + 1;
        if (length > MAX_NAMED_CALLS) return [...calls];
        calls.add(call);
      }
    }
  }
  return [...calls];
}

/** Servers where nothing is denied to the caller: `/a`, or `/a*` for all that begin so. */
function openServers(rules: readonly AccessRule[]): string[] {
  // A denial may concern any server that its patterns match; then each call is decided by the rules.
  if (rules.some(({ deny }) => deny.length > 0)) return [];
  const all = rules.filter(({ tools }) => tools.includes('*')).flatMap(({ servers }) => servers);
  return [...new Set(all)].filter(isPrefix);
}

function isOpen({ servers, tools, deny }: AccessRule): boolean {
  return deny.length === 0 && tools.includes('*') && servers.every(isPrefix);
}

/** Whether the only asterisk, if there is one, is the last character. */
function isPrefix(pattern: string): boolean {
  return !pattern.slice(0, -1).includes('*');
}
