import { withoutSecretParameters } from '../url-query.js';

type Fields = Readonly<Record<string, unknown>>;

/** Names of fields that hold secrets, or what can be checked against a secret. */
const SECRET_NAME =
  /pass(?:word|phrase)|secret|credential|authorization|cookie|sha256|hash$|apikey|privatekey|^(?:token|value)$/i;
/** Secrets that are told by their shape: sealed ones, password hashes, tokens of ours. */
const SECRET_SHAPE = /^v1\.[\w-]{38,}$|^\$argon2|mcpgw_[0-9A-Za-z]{20}/;
const MAX_TEXT = 1000;
const MAX_ITEMS = 1000;
const MAX_DEPTH = 5;

/** How the fields of a record are shown where they are set. */
export function redactFields(fields: Fields): Fields {
  return redactObject(fields, undefined, MAX_DEPTH);
}

/** How fields are shown after a change: secrets that are different now read `[changed]`. */
export function redactChangedFields(after: Fields, before: Fields): Fields {
  return redactObject(after, before, MAX_DEPTH);
}

function redactObject(fields: Fields, before: Fields | undefined, depth: number): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      redactField(name, value, before?.[name], depth),
    ]),
  );
}

function redactField(name: string, value: unknown, before: unknown, depth: number): unknown {
  if (value === undefined || value === null) return value;
  if (SECRET_NAME.test(name) || (typeof value === 'string' && SECRET_SHAPE.test(value))) {
    const same = before === undefined || JSON.stringify(before) === JSON.stringify(value);
    return same ? '[set]' : '[changed]';
  }
  // Public, but long and unreadable.
  if (name === 'caPem' && typeof value === 'string') return `[${value.length} characters]`;
  return redactValue(value, before, depth);
}

function redactValue(value: unknown, before: unknown, depth: number): unknown {
  if (typeof value === 'string') return shorten(withoutSecretParameters(value, '[set]'));
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '[...]';
  if (Array.isArray(value)) {
    const others: readonly unknown[] = Array.isArray(before) ? before : [];
    const shown = value
      .slice(0, MAX_ITEMS)
      .map((item, index) => redactField('', item, others[index], depth - 1));
    const left = value.length - shown.length;
    return left > 0 ? [...shown, `[${left} more]`] : shown;
  }
  const counterpart =
    typeof before === 'object' && before !== null ? (before as Fields) : undefined;
  return redactObject(value as Fields, counterpart, depth - 1);
}

function shorten(text: string): string {
  const left = text.length - MAX_TEXT;
  return left > 0 ? `${text.slice(0, MAX_TEXT)}[${left} more characters]` : text;
}
