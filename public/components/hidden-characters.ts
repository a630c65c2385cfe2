/**
 * Characters that change how text reads without being seen: controls, zero width, bidirectional, fillers, tags. Those
 * that make an emoji of several are no secret.
 */
const HIDDEN =
  /(?!\n|\t)(?!(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)(?:\u200d|\ufe0f))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string }
  /** `code` such as U+202E. */
  | { readonly kind: 'hidden'; readonly code: string };

const LINK = /https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]/g;

/** Cuts text of others into what can be shown as it is, links, and characters that nobody would see. */
export function partsOf(text: string): TextPart[] {
  return pieces(text.replaceAll('\r\n', '\n'), HIDDEN).flatMap((piece): TextPart[] =>
    piece.matched ? [{ kind: 'hidden', code: codeOf(piece.text) }] : linkParts(piece.text),
  );
}

/**
 * The same with so many links and hidden characters at most, each of which becomes an element of the page. Those beyond
 * stay text, the hidden ones as their codes.
 */
export function boundedParts(text: string, most: number): TextPart[] {
  const parts = partsOf(text);
  let elements = 0;
  const at = parts.findIndex(({ kind }) => kind !== 'text' && ++elements > most);
  if (at === -1) return parts;
  const rest = parts
    .slice(at)
    .map((part) => (part.kind === 'hidden' ? `[${part.code}]` : part.text));
  return [...parts.slice(0, at), { kind: 'text', text: rest.join('') }];
}

function linkParts(text: string): TextPart[] {
  return pieces(text, LINK).map(({ matched, text: part }) => ({
    kind: matched && URL.canParse(part) ? 'link' : 'text',
    text: part,
  }));
}

function pieces(text: string, pattern: RegExp) {
  const found: { readonly matched: boolean; readonly text: string }[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) found.push({ matched: false, text: text.slice(at, match.index) });
    found.push({ matched: true, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ matched: false, text: text.slice(at) });
  return found;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
