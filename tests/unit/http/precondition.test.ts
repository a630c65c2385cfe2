import { describe, expect, it } from '@jest/globals';
import { etagOf, parseIfMatch } from '../../../registry/http/precondition.js';

describe('parseIfMatch', () => {
  it('reads the tag that was given out', () => {
    expect(parseIfMatch(etagOf({ revision: 42 }))).toBe(42);
    expect(parseIfMatch(' "0" ')).toBe(0);
  });

  it.each([undefined, '*'])('has no demand in %p', (header) => {
    expect(parseIfMatch(header)).toBeUndefined();
  });

  it.each(['', '42', 'W/"42"', '"42", "43"', '"abc"', '"-1"', '"1e3"', '"99999999999999999999"'])(
    'refuses %j',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(/must be one ETag/);
    },
  );
});
