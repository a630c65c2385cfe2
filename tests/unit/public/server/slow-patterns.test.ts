import { describe, expect, it } from '@jest/globals';
import { isQuickPattern } from '../../../../public/pages/server/run/slow-patterns.js';

describe('isQuickPattern', () => {
  it.each([
    ['^[a-z0-9-]+$', 5_000],
    ['^\\d{4}-\\d{2}-\\d{2}$', 10_000],
    ['^[^@]+@[^@]+\\.[^@]+$', 80],
    ['^(foo|bar|baz)$', 1_000],
    ['^https?://', 10_000],
    ['^[A-Z]{2,3}(-[0-9]+)?$', 500],
    ['\\(\\[\\)\\+', 1_000],
    ['^\\p{L}+$', 1_000],
  ])('takes %s for a text of %d', (pattern, length) => {
    expect(isQuickPattern(pattern, length)).toBe(true);
  });

  it.each([
    ['^(a+)+$', 30],
    ['(a|a)*b', 30],
    ['(a|aa)+$', 30],
    ['(?:a*)*', 30],
    ['(a?){40}a{40}', 40],
    ['([a-z]+){10}', 40],
    ['((a+))+', 30],
    ['(x(a*))+', 30],
    ['a*a*a*a*a*a*a*b', 200],
    [`${'a?'.repeat(40)}${'a'.repeat(40)}`, 40],
    ['(a+)\\1+', 30],
    ['(?<x>a)\\k<x>+', 30],
    ['[', 1],
    ['(', 1],
    ['a'.repeat(5_000), 1],
    ['^.*$', 10_000_000],
  ])('turns down %s for a text of %d', (pattern, length) => {
    expect(isQuickPattern(pattern, length)).toBe(false);
  });

  it.each(['('.repeat(1_900), '[\\'.repeat(600), '{1,'.repeat(600)])(
    'comes to an end: %#',
    (pattern) => {
      expect(isQuickPattern(pattern, 10)).toBe(false);
    },
  );
});
