import { createHash } from 'node:crypto';
import { mayCall, mayUseBeyondTools, type ServerAccess } from '../access/policy.js';
import type { Discovery } from '../catalog/discovery.js';

/** What was found stays the same object until it is found anew. */
const marks = new WeakMap<object, string>();

/** Tells lists of tools, prompts and resources from others, as far as somebody sees them. */
export function listsMark(discovery: Discovery | undefined, seen: ServerAccess): string {
  if (discovery === undefined) return '';
  const { tools, prompts, resources } = discovery;
  const items = [
    ...tools.filter(({ name }) => mayCall(seen, name)),
    ...(mayUseBeyondTools(seen) ? [...prompts, ...resources] : []),
  ];
  return digest(items.map(markOf).join());
}

function markOf(item: object): string {
  const known = marks.get(item);
  if (known !== undefined) return known;
  const mark = digest(JSON.stringify(item));
  marks.set(item, mark);
  return mark;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 16);
}
