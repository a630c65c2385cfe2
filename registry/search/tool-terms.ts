import {
  FIELD_WEIGHTS,
  SEARCH_FIELDS,
  type SearchField,
  type ToolDocument,
} from './tool-document.js';
import { isStopWord, splitWords, stem } from './words.js';

/** A bit for each field, in their order. */
export type Fields = number;
/** So many values are possible. */
export const FIELD_SETS = 1 << SEARCH_FIELDS.length;

/** The stems that a tool is found by, each with the fields that it is in. How often it is there tells little. */
export function toolTerms(document: ToolDocument): Map<string, Fields> {
  const terms = new Map<string, Fields>();
  for (const [at, field] of SEARCH_FIELDS.entries()) {
    for (const word of splitWords(document[field])) {
      // In a name every word counts: there are tools that are called who_am_i.
      if (field !== 'name' && isStopWord(word)) continue;
      const term = stem(word);
      terms.set(term, (terms.get(term) ?? 0) | (1 << at));
    }
  }
  return terms;
}

export function fieldNamesOf(fields: Fields): SearchField[] {
  return SEARCH_FIELDS.filter((_, at) => (fields & (1 << at)) !== 0);
}

/** As in BM25: with more fields it grows, ever less. */
const SATURATION = 1.2;

/** Between 0 and 1, by `Fields`: what it counts that a term is in them. */
export const STRENGTHS: readonly number[] = Array.from({ length: FIELD_SETS }, (_, fields) => {
  const sum = fieldNamesOf(fields).reduce((total, field) => total + FIELD_WEIGHTS[field], 0);
  return sum / (sum + SATURATION);
});
