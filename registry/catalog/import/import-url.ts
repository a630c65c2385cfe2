import type { FieldProblem } from '../../errors.js';
import { variableIn, type ImportedAuth } from './import-auth.js';
import type { Fields } from './read-json.js';

const SECRET_PARAMETER = /key|token|secret|password|auth/i;

/** The address and the credential of a server, with what people must know of them. */
export function urlWithAuth(given: string, { auth, problems, notes }: ImportedAuth) {
  const { url, login } = withoutLogin(given);
  const variable = variableIn(url);
  const missing: FieldProblem[] =
    variable === undefined
      ? []
      : [{ field: 'url', message: `has ${variable} in it: put the value in its place` }];
  const telling = URL.canParse(url)
    ? [...new URL(url).searchParams.keys()].filter((name) => SECRET_PARAMETER.test(name))
    : [];
  const chosen = auth ?? login;
  return {
    fields: { url, ...(chosen && { auth: chosen }) } satisfies Fields,
    problems: [...missing, ...problems],
    notes: [
      ...notes,
      ...(login
        ? ['The user name and password of the URL are sent as HTTP Basic; the URL is without them.']
        : []),
      ...telling.map(
        (name) =>
          `The URL has the parameter "${name.slice(0, 80)}", which is stored as it is and shown to all who may change the server: better to send it as a header.`,
      ),
    ],
  };
}

function withoutLogin(given: string): { readonly url: string; readonly login?: Fields } {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || (url.username === '' && url.password === '')) return { url: given };
  const login = { type: 'basic', username: decoded(url.username), password: decoded(url.password) };
  url.username = '';
  url.password = '';
  return { url: url.href, login };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The transport by any of its names; undefined: it is found out. */
export function transportNamed(name: string | undefined): 'streamable-http' | 'sse' | undefined {
  const plain = name?.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (plain === 'http' || plain === 'streamablehttp') return 'streamable-http';
  return plain === 'sse' ? 'sse' : undefined;
}
