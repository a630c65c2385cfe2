import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  matchesQuery,
  pageFields,
  pageOf,
  pageOfParts,
} from '../../../registry/operations/page.js';
import { validate } from '../../../registry/operations/validate.js';

const placeSchema = z.strictObject(pageFields);

/** All pages, following the cursors as a client does. */
function walk(keys: readonly string[], limit: number): string[][] {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const place = placeSchema.parse({
      limit: String(limit),
      ...(cursor !== undefined && { cursor }),
    });
    const page = pageOf(keys, (key) => key, place);
    pages.push([...page.items]);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}

describe('the length of a page', () => {
  it.each([
    ['0', 'must be at least 1'],
    ['-1', 'must be at least 1'],
    ['1001', 'must be at most 1000'],
    ['1.5', 'must be an integer'],
    ['many', 'must be a number'],
  ])('is not %s, which is told as it is', (limit, message) => {
    const problems = [{ field: 'limit', message }];
    expect(() => validate(placeSchema, { limit })).toThrow(expect.objectContaining({ problems }));
  });
});

describe('pages of a list in parts', () => {
  it('are those of the whole list', () => {
    const name = fc.string({ unit: 'binary' });
    const parts = fc.dictionary(
      name.filter((key) => !key.includes('\n')),
      fc.array(name),
    );
    const place = {
      limit: fc.integer({ min: 1, max: 4 }),
      cursor: fc.option(name, { nil: undefined }),
    };
    fc.assert(
      fc.property(parts, fc.record(place), (lists, at) => {
        const all = Object.entries(lists).map(([key, items]) => ({ key: `${key}\n`, items }));
        const keyOf = (item: string, position: number) => `${item}\n${position}`;
        const { items, ...page } = pageOfParts(all, keyOf, at);
        const flat = all.flatMap((part) =>
          part.items.map((item, position) => ({
            item,
            part,
            key: part.key + keyOf(item, position),
          })),
        );
        const whole = pageOf(flat, ({ key }) => key, at);
        expect({ ...page, items }).toEqual(whole);
      }),
    );
  });
});

describe('pages', () => {
  it('hold every item once, in order, whatever the items and the size of a page', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, unit: 'binary' })),
        fc.integer({ min: 1, max: 7 }),
        (keys, limit) => {
          const pages = walk(keys, limit);
          expect(pages.flat()).toEqual([...keys].sort());
          expect(pages.every((page) => page.length <= limit)).toBe(true);
        },
      ),
    );
  });

  it('have no cursor after exactly the last item', () => {
    expect(walk(['a', 'b', 'c', 'd'], 2)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(walk([], 2)).toEqual([[]]);
  });

  it.each(['', '!', 'YQ==', ' YQ'])('refuse the cursor %j', (cursor) => {
    expect(placeSchema.safeParse({ cursor }).success).toBe(false);
  });
});

describe('matchesQuery', () => {
  it('finds every word anywhere, without regard to case', () => {
    expect(matchesQuery('RAIN eu', ['The rain', undefined, 'EU'])).toBe(true);
    expect(matchesQuery('rain us', ['The rain', 'eu'])).toBe(false);
    expect(matchesQuery('', [])).toBe(true);
  });
});
