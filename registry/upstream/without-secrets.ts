import { secretsInQuery, withoutQueryValues } from '../url-query.js';
import type { CredentialHeaders } from './credentials.js';
import type { Listed } from './discover.js';

/** Shorter ones are words of any text. */
const MIN_SECRET = 4;
/** What a server says of its tools is read by agents: a word less may change what it means. */
const MIN_SECRET_LISTED = 8;
const REDACTED = '[redacted]';
/** What is asked for by these is called by them. */
const NAMING = new Set(['name', 'uri']);

/** What a server was sent that is nobody else's to know. */
export interface SentSecrets {
  readonly headers: CredentialHeaders;
  /** Its address, in whose query there may be secrets. */
  readonly url: string;
}

/** An address with a query, without what ends the sentence around it. */
const ADDRESS_WITH_QUERY = /https?:\/\/[^\s"'?]+\?[^\s"']*[^\s"'.,;:)]/gi;

/**
 * A text without the secrets that were sent, since a server may quote them, and with no values in the queries of addresses:
 * everybody who sees a server is told of its faults.
 */
export function withoutSecrets(text: string, sent: SentSecrets): string {
  const rest = withoutForms(text, formsIn(sent, MIN_SECRET));
  return rest.replaceAll(ADDRESS_WITH_QUERY, withoutQueryValues);
}

/** A listing without the secrets that were sent. Names stay: a tool is called by its own. */
export function listedWithoutSecrets(listed: Listed, sent: SentSecrets): Listed {
  const forms = formsIn(sent, MIN_SECRET_LISTED);
  return forms.length === 0 ? listed : (withoutFormsDeep(listed, forms) as Listed);
}

function withoutFormsDeep(value: unknown, forms: readonly string[]): unknown {
  if (typeof value === 'string') return withoutForms(value, forms);
  if (Array.isArray(value)) return value.map((item) => withoutFormsDeep(item, forms));
  if (typeof value !== 'object' || value === null) return value;
  const { serverInfo, ...others } = value as { readonly serverInfo?: object };
  const entries = Object.entries(others).map(([key, member]) => [
    key,
    NAMING.has(key) ? member : withoutFormsDeep(member, forms),
  ]);
  // The one name that nobody calls anything by.
  const introduced = serverInfo && {
    serverInfo: Object.fromEntries(
      Object.entries(serverInfo).map(([key, text]) => [key, withoutFormsDeep(text, forms)]),
    ),
  };
  return { ...Object.fromEntries(entries), ...introduced };
}

function withoutForms(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text);
}

/** All ways in which the secrets may be quoted, the longest first: shorter ones are parts of them. */
function formsIn({ headers, url }: SentSecrets, minLength: number): readonly string[] {
  const secrets = [...Object.values(headers).flatMap(secretsIn), ...secretsInQuery(url)].filter(
    (secret) => secret.length >= minLength,
  );
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function secretsIn(value: string): readonly string[] {
  const [, scheme, bare = ''] = /^(Bearer|Basic) (.*)$/.exec(value) ?? [];
  if (scheme !== 'Basic') return [value, bare];
  const pair = Buffer.from(bare, 'base64').toString('utf8');
  return [value, bare, pair, pair.slice(pair.indexOf(':') + 1)];
}
