import type { QueryWord } from './query-words.js';
import type { Places } from './postings.js';
import type { TermIndex } from './term-index.js';

const BEGINNING_WEIGHT = 0.4;
const KINDRED_WEIGHT = 0.3;
const NEAR_WEIGHT = 0.25;
/** Of the letters of a word so many may be wrong. */
const EDITS_PER_LETTER = 0.2;
const MAX_EDITS = 2;

/** A term that stands for a word of the query. */
export interface WordForm {
  readonly term: string;
  /** Of the query. */
  readonly word: string;
  readonly places: Places;
  /** What a match counts; 1 for the word itself. */
  readonly weight: number;
  /** For people: the word, and how the term stands for it. */
  readonly told: string;
}

/** The word itself and, where it may be a part of one, what begins so. */
export function formsOf(index: TermIndex, { word, term }: QueryWord, isLoose: boolean): WordForm[] {
  const places = index.places(term);
  const same = places === undefined ? [] : [{ term, word, places, weight: 1, told: `"${word}"` }];
  if (!isLoose || term.length < 3) return same;
  const begun = index.beginning(term).map(([other, at]) => ({
    term: other,
    word,
    places: at,
    weight: (BEGINNING_WEIGHT * other.length) / (other.length + 0.3 * (other.length - term.length)),
    told: `"${word}" (beginning of "${other}")`,
  }));
  return [...same, ...begun];
}

/** What is used for the word. */
export function kinOf(index: TermIndex, { word, kin }: QueryWord): WordForm[] {
  return kin.flatMap((other) => {
    const places = index.places(other.term);
    const told = `"${word}" (akin to "${other.word}")`;
    return places === undefined
      ? []
      : [{ term: other.term, word, places, weight: KINDRED_WEIGHT, told }];
  });
}

/** What the word may be a misspelling of. */
export function nearMissesOf(index: TermIndex, { word, term }: QueryWord): WordForm[] {
  if (term.length < 4) return [];
  const edits = Math.min(MAX_EDITS, Math.round(term.length * EDITS_PER_LETTER));
  return index.near(term, edits).map(([other, places, distance]) => ({
    term: other,
    word,
    places,
    weight: (NEAR_WEIGHT * other.length) / (other.length + distance),
    told: `"${word}" (close to "${other}")`,
  }));
}
