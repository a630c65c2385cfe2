import SearchableMap from 'minisearch/SearchableMap';
import { createPostings, type Places, type Postings } from './postings.js';
import type { Fields } from './tool-terms.js';

/** Which documents have a term. */
export interface TermIndex {
  add(document: number, terms: ReadonlyMap<string, Fields>): void;
  /** @param terms what was added of the document */
  remove(document: number, terms: ReadonlyMap<string, Fields>): void;
  places(term: string): Places | undefined;
  /** Terms that begin so, except this one. */
  beginning(with_: string): [string, Places][];
  /** Terms with so many letters added, removed or replaced, and how many. */
  near(term: string, edits: number): [string, Places, number][];
}

export function createTermIndex(): TermIndex {
  const terms = new SearchableMap<Postings>();
  return {
    add: (document, added) => {
      for (const [term, fields] of added) terms.fetch(term, createPostings).put(document, fields);
    },
    remove: (document, removed) => {
      for (const term of removed.keys()) {
        const postings = terms.get(term);
        postings?.remove(document);
        if (postings?.size === 0) terms.delete(term);
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
