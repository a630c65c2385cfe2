import { accept, refuse, type Result } from '../result.js';
import { parseUpstreamUrl } from '../upstream-url.js';

declare const brand: unique symbol;

/** Where a registry is, without the version of its API and without a slash at the end. */
export type RegistryUrl = string & { readonly [brand]: 'RegistryUrl' };

/** Reads the base URL of a registry, also as the URL of its API or of its list. */
export function parseRegistryUrl(input: string): Result<RegistryUrl> {
  const parsed = parseUpstreamUrl(input);
  if (!parsed.ok) return parsed;
  const url = new URL(parsed.value);
  if (url.search !== '') return refuse('must not have a query');
  const base = url.pathname.replace(/(?:\/v0(?:\.1)?(?:\/servers)?)?\/*$/, '');
  return accept(`${url.origin}${base}` as RegistryUrl);
}
