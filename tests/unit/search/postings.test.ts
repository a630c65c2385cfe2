import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPostings } from '../../../registry/search/postings.js';
import { FIELD_SETS } from '../../../registry/search/tool-terms.js';

it('holds what a map would, in the order of the documents', () => {
  const step = fc.record({
    document: fc.oneof(fc.nat(20), fc.nat(60_000_000)),
    fields: fc.option(fc.integer({ min: 1, max: FIELD_SETS - 1 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const postings = createPostings();
      const map = new Map<number, number>();
      for (const { document, fields } of steps) {
        if (fields === null) {
          postings.remove(document);
          map.delete(document);
        } else {
          postings.put(document, fields);
          map.set(document, fields);
        }
      }
      const places: [number, number][] = [];
      postings.forEach((fields, document) => places.push([document, fields]));
      expect(places).toEqual([...map].sort(([one], [other]) => one - other));
      expect(postings.size).toBe(map.size);
      for (const document of map.keys()) {
        expect(postings.some((each) => each === document)).toBe(true);
      }
      expect(postings.some((each) => each === 21)).toBe(map.has(21));
    }),
  );
});
