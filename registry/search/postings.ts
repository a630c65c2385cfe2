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

/** When it is full, an array is made larger by this much. */
const GROWTH = 1.25;

/**
 * There are millions of places, so each of them is four bytes, `document * FIELD_SETS + fields`, in an array in the order of
 * the documents. A map would need nine times the memory.
 */
export function createPostings(): Postings {
  let packed = new Uint32Array(1);
  let size = 0;
  /** Where the document is, or would be. */
  const indexOf = (document: number): number => {
    const least = document * FIELD_SETS;
    let [from, to] = [0, size];
    // Documents come with ever greater numbers, most of the time.
    if (size === 0 || (packed[size - 1] ?? 0) < least) return size;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((packed[middle] ?? 0) < least) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  const isAt = (at: number, document: number) =>
    at < size && Math.floor((packed[at] ?? 0) / FIELD_SETS) === document;
  const makeRoomAt = (at: number) => {
    if (size === packed.length) {
      const larger = new Uint32Array(Math.ceil(size * GROWTH) + 1);
      larger.set(packed);
      packed = larger;
    }
    packed.copyWithin(at + 1, at, size);
    size += 1;
  };
  return {
    get size() {
      return size;
    },
    put: (document, fields) => {
      const at = indexOf(document);
      if (!isAt(at, document)) makeRoomAt(at);
      packed[at] = document * FIELD_SETS + fields;
    },
    remove: (document) => {
      const at = indexOf(document);
      if (!isAt(at, document)) return;
      packed.copyWithin(at, at + 1, size);
      size -= 1;
    },
    forEach: (visit) => {
      for (let at = 0; at < size; at += 1) {
        const place = packed[at] ?? 0;
        const fields = place % FIELD_SETS;
        visit(fields, (place - fields) / FIELD_SETS);
      }
    },
    some: (holds) =>
      packed.subarray(0, size).some((place) => holds(Math.floor(place / FIELD_SETS))),
  };
}
