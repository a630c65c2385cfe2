import { RegistryError } from '../errors.js';

const REVISION_TAG = /^"(\d{1,15})"$/;

/** The entity tag of a server: its revision (RFC 9110 section 8.8.3). */
export function etagOf(server: { readonly revision: number }): string {
  return `"${server.revision}"`;
}

/**
 * Reads If-Match (RFC 9110 section 13.1.1).
 * @returns the revision it names; undefined for `*` and when there is none
 * @throws RegistryError `precondition-malformed`
 */
export function parseIfMatch(header: string | undefined): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '*') return undefined;
  const revision = REVISION_TAG.exec(text)?.[1];
  if (revision !== undefined) return Number(revision);
  throw new RegistryError(
    'precondition-malformed',
    'If-Match must be one ETag as an earlier answer gave it, such as "42" with the quotes, or *.',
  );
}
