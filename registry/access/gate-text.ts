import type { GateRecord } from './gate-record.js';
import type { AccessRule } from './policy.js';

/**
 * A gate record as nginx reads it (nginx/njs/gate.js). Most calls are decided by the first line, which takes no JSON:
 * `<expires, or 0> <server, or several with commas, or *> <session key> <principal> <servers of which every tool may be used...>`.
 * The record itself follows where that line does not say everything.
 */
export function gateText(record: GateRecord): string {
  const whole = `\n${JSON.stringify(record)}`;
  if ('refused' in record) return `${record.expires} refused${whole}`;
  const open = openServers(record.rules);
  const head = [
    record.expires ?? 0,
    [record.server ?? '*'].flat().join(','),
    record.session,
    encodeURIComponent(record.principal),
    ...open,
  ].join(' ');
  const isAll = open.includes('*') || record.rules.every((rule) => isOpen(rule));
  return isAll && record.learned !== true ? head : `${head}${whole}`;
}

/** What `gateText` wrote, where it wrote more than the first line. */
export function gateRecordIn(text: string): GateRecord | undefined {
  const at = text.indexOf('\n');
  if (at === -1) return undefined;
  try {
    return (JSON.parse(text.slice(at + 1)) as GateRecord | null) ?? undefined;
  } catch {
    return undefined;
  }
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
