import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bestOf } from '../../../registry/search/best-of.js';

it('gives what sorting would, of what is admitted and scores more than nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 9 })),
      fc.integer({ min: 1, max: 6 }),
      (scores, limit) => {
        const admits = (at: number) => at % 3 !== 0;
        const sorted = [...scores.keys()]
          .filter((at) => admits(at) && (scores[at] ?? 0) > 0)
          .sort((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0))
          .slice(0, limit);
        const best = bestOf(scores.keys(), limit, (at) => scores[at] ?? 0, admits);
        expect(best.map(({ item }) => item)).toEqual(sorted);
      },
    ),
  );
});

it('asks only of those who are admitted that would be among the best', () => {
  const asked: number[] = [];
  bestOf(
    [5, 9, 4, 7],
    1,
    (item) => item,
    (item) => asked.push(item) > 0,
  );
  expect(asked).toEqual([5, 9]);
});
