import { expect, it } from '@jest/globals';
import { addServerShares } from '../../../registry/search/server-shares.js';

const found = (item: string, score: number) => ({ item, score });
const serverOf = (item: string) => item[0];
const items = (ranking: readonly { readonly item: string }[]) => ranking.map(({ item }) => item);

it('lifts what stands beside the best over what fits nearly as well alone', () => {
  const ranking = addServerShares(
    [found('a1', 10), found('b1', 5), found('a2', 4.5), found('c1', 1)],
    serverOf,
  );
  expect(items(ranking)).toEqual(['a1', 'a2', 'b1', 'c1']);
  expect(ranking.map(({ score }) => score)).toEqual([12, 6.5, 6, 1.2]);
});

it('leaves what fits much better alone where it is, and equals in their order', () => {
  expect(
    items(addServerShares([found('a1', 10), found('b1', 8), found('a2', 2)], serverOf)),
  ).toEqual(['a1', 'b1', 'a2']);
  expect(items(addServerShares([found('a1', 3), found('b1', 3)], serverOf))).toEqual(['a1', 'b1']);
  expect(addServerShares([], serverOf)).toEqual([]);
});
