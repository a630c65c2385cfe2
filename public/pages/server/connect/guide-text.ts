/** The text of a guide with the token where it belongs. A token has no characters that files or shells would read otherwise. */
export function withToken(
  text: string,
  placeholder: string | undefined,
  secret: string | undefined,
): string {
  if (placeholder === undefined || placeholder === '' || secret === undefined) return text;
  return text.replaceAll(placeholder, () => secret);
}
