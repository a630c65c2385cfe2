import type { FieldProblem } from '../../errors.js';
import { isReservedHeader, parseHeaderName } from '../header-name.js';
import type { Fields } from './read-json.js';

/** A header as a file has it; without a value it is one that people have to fill in. */
export interface ImportedHeader {
  readonly name: string;
  readonly value?: string;
  readonly description?: string;
}

export interface ImportedAuth {
  readonly auth?: Fields;
  readonly problems: readonly FieldProblem[];
  readonly notes: readonly string[];
}

/** What stands for a secret that the file does not hold: `${input:key}`, `$KEY`, `{key}`, `<your key>`, `YOUR_KEY`. */
const VARIABLE = /\$\{[^}]*\}|\$[A-Z][A-Z0-9_]+|\{[A-Za-z_][\w.-]*\}|<[^<>]+>|\bYOUR[_-][A-Z_-]+/;
const MAX_SHOWN = 80;
/** No credential is longer; looking for more would be work for nothing. */
const MAX_LOOKED_AT = 4096;

/** The variable in a text, as it stands there. */
export function variableIn(text: string): string | undefined {
  return VARIABLE.exec(text.slice(0, MAX_LOOKED_AT))?.[0].slice(0, MAX_SHOWN);
}

/** Headers that a client would send, as what the gateway sends to the upstream. */
export function authOfHeaders(headers: readonly ImportedHeader[]): ImportedAuth {
  const problems: FieldProblem[] = [];
  const notes: string[] = [];
  const kept = headers.filter(({ name }) => {
    const shown = name.slice(0, MAX_SHOWN);
    const parsed = parseHeaderName(name);
    if (!parsed.ok)
      problems.push({ field: 'auth', message: `the header "${shown}" ${parsed.problem}` });
    const isOwn = parsed.ok && isReservedHeader(name);
    if (isOwn) notes.push(`The header ${shown} is left out: the gateway sets it itself.`);
    return parsed.ok && !isOwn;
  });
  for (const { name, value, description } of kept) {
    const variable = value === undefined ? undefined : variableIn(value);
    if (value !== undefined && variable === undefined) continue;
    const why = variable === undefined ? 'is not in the file' : `is ${variable} in the file`;
    const what = description === undefined ? '' : ` (${description.slice(0, 200)})`;
    problems.push({
      field: 'auth',
      message: `the value of the header ${name} ${why}: fill it in${what}`,
    });
  }
  return { ...(kept.length > 0 && { auth: authOf(kept) }), problems, notes };
}

function authOf(headers: readonly ImportedHeader[]): Fields {
  const [only, ...others] = headers;
  const isAuthorization = only?.name.toLowerCase() === 'authorization' && others.length === 0;
  const [, scheme = '', rest = ''] = /^(bearer|basic)\s+(.*)$/i.exec(cut(only?.value ?? '')) ?? [];
  if (isAuthorization && scheme.toLowerCase() === 'bearer') {
    return { type: 'bearer', ...known('token', rest) };
  }
  const basic = isAuthorization && scheme !== '' ? basicOf(rest) : undefined;
  return (
    basic ?? {
      type: 'headers',
      headers: headers.map(({ name, value }) => ({ name, ...known('value', value) })),
    }
  );
}

/** What is too long is refused anyway, and told of. */
function cut(value: string): string {
  return value.slice(0, MAX_LOOKED_AT + 100);
}

function known(key: string, value: string | undefined): Fields {
  return value === undefined || variableIn(value) !== undefined ? {} : { [key]: value };
}

/** RFC 7617. */
function basicOf(encoded: string): Fields | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  return { type: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1) };
}
