/** The operating system's code of a failed file operation, e.g. `ENOENT`; `undefined` for other faults. */
export function errnoOf(thrown: unknown): string | undefined {
  const code: unknown =
    typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
