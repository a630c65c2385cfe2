const SHARE = 0.2;

interface Scored<Item> {
  readonly item: Item;
  readonly score: number;
}

/**
 * Adds to the score of each tool a share of what the best one of its server has: where a tool fits well, those beside it are
 * about the same things.
 * @param found best first
 * @param serverOf what tells the tool's server from others
 * @returns best first; of equals, those that came first
 */
export function addServerShares<Item>(
  found: readonly Scored<Item>[],
  serverOf: (item: Item) => string | undefined,
): Scored<Item>[] {
  const best = new Map<string | undefined, number>();
  return found
    .map(({ item, score }) => {
      const server = serverOf(item);
      const most = best.get(server) ?? score;
      best.set(server, most);
      return { item, score: score + SHARE * most };
    })
    .sort((one, other) => other.score - one.score);
}
