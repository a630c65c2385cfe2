/** Where a word of a camelCase name ends: `getWeather`, `HTTPServer`. */
const CASE_BREAK = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const INNER_CAPITAL = /.\p{Lu}/u;
const WORD = /[\p{L}\p{N}]+/gu;
// eslint-disable-next-line no-control-regex -- all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;
const MARKS = /\p{M}+/gu;
/** Nobody types longer words, and near misses of them are slow to look for. */
const MAX_WORD = 48;

/**
 * The words of a name or a text in lower case and without accents: `get_currentWeather` gives get, current and weather.
 * Everything but letters and digits is between words.
 */
export function splitWords(text: string): string[] {
  const plain = ASCII.test(text) ? text : text.normalize('NFKD').replaceAll(MARKS, '');
  return (plain.match(WORD) ?? [])
    .flatMap((part) =>
      part.length > 1 && INNER_CAPITAL.test(part) ? part.split(CASE_BREAK) : [part],
    )
    .map((word) => word.toLowerCase().slice(0, MAX_WORD));
}

/** Words that tell nothing apart: the usual list for English, and what requests are made of. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about again all also am an and any anybody are as at be been before being both but by can could did do does ' +
    'doing each else every everybody few for from get give had has have having he help her here him his how i if in ' +
    'into is it its just kindly let like made make many me might more most much must my need of on one only or ' +
    'other our out over own please she should so some somebody someone something such tell than that the their them ' +
    'then there these they this those to too under up us use used using very want was we were what when where whether ' +
    'which while who whom why will with would you your'
  ).split(' '),
);

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

const VOWEL = /[aeiouy]/;

/**
 * What is common to the forms of an English word: forecast, forecasts and forecasting become one. Texts and queries go
 * through it alike, so that what it makes need not be a word.
 */
export function stem(word: string): string {
  const singular = withoutPlural(word);
  const base = withoutSuffix(singular, 'ing') ?? withoutSuffix(singular, 'ed') ?? singular;
  return base.length > 3 ? base.replace(/e$/, '').replace(/y$/, 'i') : base;
}

function withoutPlural(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /(?:ss|sh|ch|x|z)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** `planning` gives plan; undefined when nothing that can be a word is left, as of `thing`. */
function withoutSuffix(word: string, suffix: string): string | undefined {
  const base = word.slice(0, -suffix.length);
  if (!word.endsWith(suffix) || base.length < 3 || !VOWEL.test(base)) return undefined;
  return /([bdgmnprt])\1$/.test(base) ? base.slice(0, -1) : base;
}
