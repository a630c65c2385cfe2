import { expect, it } from '@jest/globals';
import { feltBy } from '../../../../public/pages/access/felt-by';

it.each([
  [0, 0, 'No user and no token names it.'],
  [1, 0, '1 user gets nothing from it any more, from the next request on.'],
  [2, 1, '2 users and 1 token get nothing from it any more, from the next request on.'],
])('%i users and %i tokens', (users, tokens, sentence) => {
  expect(feltBy({ users, tokens })).toBe(sentence);
});
