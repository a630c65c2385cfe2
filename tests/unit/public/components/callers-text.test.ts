import { expect, it } from '@jest/globals';
import { callersText } from '../../../../public/components/callers-text';

const caller = (principal: string, calls: number) => ({
  principal,
  calls,
  errors: 0,
  lastAt: null,
});

it('names those who used a server, and says how often', () => {
  expect(callersText({ calls: 1, callers: [caller('ada', 1)] })).toBe(
    'Used in the last 7 days: 1 call by ada (1).',
  );
  expect(callersText({ calls: 1_202, callers: [caller('ada', 1_200), caller('', 2)] })).toBe(
    'Used in the last 7 days: 1,202 calls by ada (1,200) and callers without a token (2).',
  );
});

it('names a few of many', () => {
  const callers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => caller(name, 1));
  expect(callersText({ calls: 7, callers })).toBe(
    'Used in the last 7 days: 7 calls by a (1), b (1), c (1), d (1), e (1), and 2 more.',
  );
});
