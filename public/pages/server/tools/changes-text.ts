import type { ServerTools } from '../../../api/server-tools';

/** `2 new, 1 changed, 1 gone (old_tool)`; empty when all is as it was. */
export function changesText({ tools, removedSinceReview }: ServerTools): string {
  const count = (state: string) => tools.filter(({ review }) => review?.state === state).length;
  const gone = removedSinceReview.slice(0, 3).map((name) => name.slice(0, 40));
  const more = removedSinceReview.length - gone.length;
  const parts: readonly (readonly [number, string])[] = [
    [count('new'), 'new'],
    [count('changed'), 'changed'],
    [removedSinceReview.length, `gone (${gone.join(', ')}${more > 0 ? ' …' : ''})`],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${String(number)} ${word}`)
    .join(', ');
}
