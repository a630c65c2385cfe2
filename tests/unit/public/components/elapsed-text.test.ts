import { expect, it } from '@jest/globals';
import { elapsedText } from '../../../../public/components/elapsed-text';

it('says how long something took, in seconds where it was long', () => {
  expect([null, 0.44, 12.4, 999.4, 999.6, 3_421, 10_128, 3_600_000].map(elapsedText)).toEqual([
    '–',
    '0.4 ms',
    '12 ms',
    '999 ms',
    '1.0 s',
    '3.4 s',
    '10.1 s',
    '3,600.0 s',
  ]);
});
