/**
 * Control and format characters (among them zero-width and bidirectional ones and tags), fillers that look like blanks,
 * and the variation selectors that can carry a text of their own. Line breaks and tabs are what they seem.
 */
const HIDDEN =
  /(?![\n\r\t])(?:\p{Cc}|\p{Cf}|[\u2028\u2029\u115f\u1160\u3164\uffa0]|[\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}])/gu;
/** Emoji of several parts, such as families. */
const JOINED_EMOJI =
  /(?<=\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})*)\u200d(?=\p{Extended_Pictographic})/gu;
const MAX_NAMED = 10;

/**
 * Which hidden characters are in a text, each once, as `U+202E`; of more than ten only the first, and how many more.
 */
export function hiddenCharacters(text: string): readonly string[] {
  const found = text.replace(JOINED_EMOJI, '').match(HIDDEN) ?? [];
  const names = [...new Set(found)].map(nameOf);
  if (names.length <= MAX_NAMED) return names;
  return [...names.slice(0, MAX_NAMED), `and ${names.length - MAX_NAMED} more`];
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
