/** A JSON object whose fields nobody has looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads JSON, also with the comments and trailing commas that editors let people write.
 * @returns undefined for what is no JSON
 */
export function readJson(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '');
  const strict = parsed(plain);
  return strict === undefined ? parsed(withoutComments(plain)) : strict;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** One pass from left to right: an expression that backtracks could be kept busy for hours. */
function withoutComments(text: string): string {
  const kept: string[] = [];
  let comma = -1;
  for (let at = 0; at < text.length;) {
    const end = endOfPiece(text, at);
    const piece = text.slice(at, end);
    at = end;
    if (piece.startsWith('//') || piece.startsWith('/*')) continue;
    if ((piece === '}' || piece === ']') && comma !== -1) kept[comma] = '';
    if (piece.trim() !== '') comma = piece === ',' ? kept.length : -1;
    kept.push(piece);
  }
  return kept.join('');
}

/** Where the string, the comment or the single character ends that begins at `at`. */
function endOfPiece(text: string, at: number): number {
  if (text.startsWith('//', at)) return endAfter(text, '\n', at);
  if (text.startsWith('/*', at)) return endAfter(text, '*/', at + 2);
  if (text[at] !== '"') return at + 1;
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}

function endAfter(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + mark.length;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of the fields that is a text with something in it. */
export function textIn(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}

/** The first of the fields that is an object. */
export function fieldsIn(fields: Fields, ...names: readonly string[]): Fields | undefined {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (isFields(value)) return value;
  }
  return undefined;
}

/** The objects of a list; none where there is no list. */
export function listIn(fields: Fields, name: string): readonly Fields[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return Array.isArray(value) ? value.filter(isFields) : [];
}
