import type { RefreshedServer } from '../../api/server-changes';

/** What a check found: `Weather was checked: 2 tools are new, 1 changed`. */
export function refreshText(name: string, { health, changes }: RefreshedServer): string {
  if (health.reachable === 'no') return `${name} was checked and does not answer`;
  const { added, changed, removed } = changes.tools;
  const parts = [
    [added.length, 'new'],
    [changed.length, 'changed'],
    [removed.length, 'gone'],
  ] as const;
  const found = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${String(count)} ${word}`);
  return `${name} was checked: ${found.length === 0 ? 'its tools are as before' : `tools: ${found.join(', ')}`}`;
}
