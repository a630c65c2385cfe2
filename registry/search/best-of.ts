/** The items with the greatest scores, best first; of equals, those that come first. Items with a score of 0 or less are none. */
export function bestOf<Item>(
  items: Iterable<Item>,
  limit: number,
  scoreOf: (item: Item) => number,
  admits: (item: Item) => boolean = () => true,
): { readonly item: Item; readonly score: number }[] {
  const best: { readonly item: Item; readonly score: number }[] = [];
  for (const item of items) {
    const score = scoreOf(item);
    const last = best[limit - 1];
    if (score <= (last?.score ?? 0) || !admits(item)) continue;
    const after = best.findIndex((each) => each.score < score);
    best.splice(after === -1 ? best.length : after, 0, { item, score });
    best.length = Math.min(best.length, limit);
  }
  return best;
}
