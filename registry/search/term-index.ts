import SearchableMap from 'minisearch/SearchableMap';
import type { Fields } from './tool-terms.js';

/** Where a term is: fields by the numbers of the documents. */
export type Places = ReadonlyMap<number, Fields>;

/** Which documents have a term. */
export interface TermIndex {
  add(document: number, terms: ReadonlyMap<string, Fields>): void;
  remove(document: number, terms: ReadonlyMap<string, Fields>): void;
  places(term: string): Places | undefined;
  /** Terms that begin so, except this one. */
  beginning(with_: string): [string, Places][];
  /** Terms with so many letters added, removed or replaced, and how many. */
  near(term: string, edits: number): [string, Places, number][];
}

export function createTermIndex(): TermIndex {
  const terms = new SearchableMap<Map<number, Fields>>();
  return {
    add: (document, added) => {
      for (const [term, fields] of added) {
        terms.fetch(term, () => new Map()).set(document, fields);
      }
    },
    remove: (document, removed) => {
      for (const term of removed.keys()) {
        const places = terms.get(term);
        places?.delete(document);
        if (places?.size === 0) terms.delete(term);
      }
    },
    places: (term) => terms.get(term),
    beginning: (with_) => [...terms.atPrefix(with_)].filter(([term]) => term !== with_),
    near: (term, edits) =>
      [...terms.fuzzyGet(term, edits)]
        .filter(([other]) => other !== term)
        .map(([other, [places, distance]]) => [other, places, distance]),
  };
}
