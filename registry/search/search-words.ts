import type { QueryWord } from './query-words.js';
import type { TermIndex } from './term-index.js';
import { STRENGTHS } from './tool-terms.js';
import { formsOf, kinOf, nearMissesOf, type WordForm } from './word-forms.js';

/** In a sentence the words themselves say enough. */
const MAX_LOOSE_WORDS = 8;

/** The forms in which each word is looked for: near misses only of what the asker's tools do not have. */
export function formsOfAll(
  index: TermIndex,
  words: readonly QueryWord[],
  admits: (document: number) => boolean,
): WordForm[][] {
  const isLoose = words.length <= MAX_LOOSE_WORDS;
  return words.map((word) => {
    const forms = formsOf(index, word, isLoose);
    const isKnown = forms.some(({ places }) => places.some(admits));
    return [...forms, ...kinOf(index, word), ...(isKnown ? [] : nearMissesOf(index, word))];
  });
}

/**
 * Scores documents by the words that they have: rare words count more (BM25), each by the best of its forms, and what has
 * several words counts as many times more.
 * @param size one more than the greatest number of a document
 * @param count of documents
 * @returns by the number of the document; 0: has none of the words
 */
export function scoreDocuments(
  wordForms: readonly (readonly WordForm[])[],
  { size, count }: { readonly size: number; readonly count: number },
): Float64Array {
  const sums = new Float64Array(size);
  const matched = new Uint8Array(size);
  const best = new Float64Array(size);
  for (const forms of wordForms) {
    best.fill(0);
    for (const { places, weight } of forms) {
      const rarity = Math.log(1 + (count - places.size + 0.5) / (places.size + 0.5));
      places.forEach((fields, document) => {
        const score = weight * rarity * (STRENGTHS[fields] ?? 0);
        if (score > (best[document] ?? 0)) best[document] = score;
      });
    }
    for (let document = 0; document < size; document += 1) {
      const score = best[document] ?? 0;
      if (score === 0) continue;
      sums[document] = (sums[document] ?? 0) + score;
      matched[document] = (matched[document] ?? 0) + 1;
    }
  }
  return sums.map((sum, document) => sum * (matched[document] ?? 0));
}
