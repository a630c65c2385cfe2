import type { RefreshedServer } from '../../api/server-changes';

const SHOWN_NAMES = 3;
const KINDS = ['tools', 'prompts', 'resources'] as const;
const HAPPENED = ['added', 'removed', 'changed'] as const;

/** What a check found different from before, for people: "2 tools added (a, b); 1 prompt removed (c)". */
export function describeChanges(changes: RefreshedServer['changes']): string {
  const parts = KINDS.flatMap((kind) =>
    HAPPENED.map((what) => describe(kind, what, changes[kind][what])),
  ).filter((part) => part !== '');
  return parts.length === 0 ? 'Nothing changed.' : `${parts.join('; ')}.`;
}

function describe(kind: string, what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const noun = names.length === 1 ? kind.slice(0, -1) : kind;
  const shown = names.slice(0, SHOWN_NAMES).map((name) => name.slice(0, 60));
  const more = names.length > SHOWN_NAMES ? ', …' : '';
  return `${String(names.length)} ${noun} ${what} (${shown.join(', ')}${more})`;
}
