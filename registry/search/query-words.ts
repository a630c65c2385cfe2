import { kindredWords, type Word } from './kindred-words.js';
import { isStopWord, splitWords, stem } from './words.js';

/** More words than that are no question but a text. */
const MAX_QUERY_WORDS = 12;

/** A word of the query with its kin. */
export interface QueryWord extends Word {
  readonly kin: readonly Word[];
}

/** The words that count; where none of them does, all. */
export function queryWords(text: string): QueryWord[] {
  const words = [...new Set(splitWords(text))];
  const telling = words.filter((word) => !isStopWord(word));
  return (telling.length > 0 ? telling : words).slice(0, MAX_QUERY_WORDS).map((word) => {
    const term = stem(word);
    return { word, term, kin: kindredWords(term) };
  });
}
