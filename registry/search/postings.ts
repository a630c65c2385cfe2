import { FIELD_SETS, type Fields } from './tool-terms.js';

/** Where a term is: fields by the numbers of the documents. */
export interface Places {
  readonly size: number;
  forEach(visit: (fields: Fields, document: number) => void): void;
  /** Whether it holds for one of the documents. */
  some(holds: (document: number) => boolean): boolean;
}

/** Places that change. */
export interface Postings extends Places {
  put(document: number, fields: Fields): void;
  remove(document: number): void;
}

/**
 * There are millions of places, so each of them is one small integer, `document * FIELD_SETS + fields`, in an array in
 * the order of the documents. A map would need four times the memory.
 */
export function createPostings(): Postings {
  const packed: number[] = [];
  /** Where the document is, or would be. */
  const indexOf = (document: number): number => {
    const least = document * FIELD_SETS;
    let [from, to] = [0, packed.length];
    // Documents come with ever greater numbers, most of the time.
    if ((packed.at(-1) ?? -1) < least) return to;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((packed[middle] ?? 0) < least) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  const countAt = (at: number, document: number) =>
    Math.floor((packed[at] ?? -1) / FIELD_SETS) === document ? 1 : 0;
  return {
    get size() {
      return packed.length;
    },
    put: (document, fields) => {
      const at = indexOf(document);
      packed.splice(at, countAt(at, document), document * FIELD_SETS + fields);
    },
    remove: (document) => {
      const at = indexOf(document);
      packed.splice(at, countAt(at, document));
    },
    forEach: (visit) => {
      for (const place of packed) {
        const fields = place % FIELD_SETS;
        visit(fields, (place - fields) / FIELD_SETS);
      }
    },
    some: (holds) => packed.some((place) => holds(Math.floor(place / FIELD_SETS))),
  };
}
