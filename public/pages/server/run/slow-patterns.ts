/** About what a browser does in some tens of milliseconds. */
const MOST_STEPS = 2_000_000;
const MOST_CHARACTERS = 2_000;

/**
 * Whether a regular expression of somebody else may be tried on a text. Some take longer than the sun will shine, and a
 * page cannot stop one that has begun. The judgement is rough on purpose: what it turns down the server checks.
 * @param length of the text, in characters
 */
export function isQuickPattern(pattern: string, length: number): boolean {
  if (pattern.length > MOST_CHARACTERS || !compiles(pattern)) return false;
  const found = repetitions(pattern);
  if (found === undefined) return false;
  // Each repetition may begin and end anywhere, each option doubles the ways, and the search may start anywhere.
  const starts = pattern.startsWith('^') ? 0 : 1;
  const steps = Math.max(length, 2) ** (found.loops + starts) * 2 ** found.options;
  return steps <= MOST_STEPS;
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').flags === 'u';
  } catch {
    return false;
  }
}

interface Group {
  /** It holds something that can match in more than one way. */
  varies: boolean;
}

/** Counts what makes a search slow; undefined: repetitions within repetitions, or references back. */
function repetitions(pattern: string): { loops: number; options: number } | undefined {
  const open: Group[] = [{ varies: false }];
  let closed: Group | undefined;
  let [loops, options] = [0, 0];
  const tokens = pattern.matchAll(
    /\\[1-9]|\\k<|\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu,
  );
  for (const [token] of tokens) {
    const inner = open.at(-1);
    if (/^\\(?:[1-9]|k<)/.test(token) || inner === undefined) return undefined;
    if (token.startsWith('(')) {
      open.push({ varies: false });
      closed = undefined;
      continue;
    }
    if (token === ')') {
      closed = open.pop();
      const outer = open.at(-1);
      if (outer !== undefined && closed?.varies === true) outer.varies = true;
      continue;
    }
    const kind = kindOf(token);
    if (kind !== undefined) {
      if (kind !== 'option' && closed?.varies === true) return undefined;
      if (kind === 'loop') loops += 1;
      if (kind === 'option') options += 1;
      if (kind !== 'fixed') inner.varies = true;
    }
    if (token === '|') {
      inner.varies = true;
      options += 1;
    }
    closed = undefined;
  }
  return { loops, options };
}

function kindOf(token: string): 'loop' | 'option' | 'fixed' | undefined {
  if (/^[*+]\??$/.test(token)) return 'loop';
  if (/^\?\??$/.test(token)) return 'option';
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}\??$/.exec(token) ?? [];
  if (least === undefined) return undefined;
  return comma === '' || least === most ? 'fixed' : 'loop';
}
