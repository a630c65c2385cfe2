import { partsOf } from '../../../components/hidden-characters.js';
import { isObject, type JsonSchema } from '../tools/json-schema.js';

const TITLE_CHARACTERS = 120;
const TEXT_CHARACTERS = 400;

/** Keys whose values are names of the author and no words of JSON Schema. */
const MAPS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
/** Values, which stay as they are. */
const VALUES = new Set(['default', 'const', 'enum', 'examples', 'required']);
/** They change how references are read, and the library that checks would fetch nothing anyway. */
const LEFT_OUT = new Set(['$id', 'id', '$schema', '$comment', '$vocabulary']);

/**
 * The schema that the form is made from: texts of the server are of bearable length, and what hides in them is seen.
 * Its meaning stays the same.
 */
export function tameSchema(schema: JsonSchema): JsonSchema {
  return tame(schema, 0) as JsonSchema;
}

function tame(value: unknown, depth: number): unknown {
  if (depth > 60) return true;
  if (Array.isArray(value)) return value.map((each) => tame(each, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !(LEFT_OUT.has(key) && typeof inner === 'string'))
      .map(([key, inner]) => [key, tameWord(key, inner, depth)]),
  );
}

function tameWord(key: string, value: unknown, depth: number): unknown {
  if (VALUES.has(key)) return value;
  if (MAPS.has(key) && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        named(name, tame(inner === true ? {} : inner, depth + 1)),
      ]),
    );
  }
  if (typeof value !== 'string')
    return key === 'items' ? typed(tame(value, depth + 1)) : tame(value, depth + 1);
  if (key === 'title') return seen(value, TITLE_CHARACTERS);
  if (key === 'description') return seen(value, TEXT_CHARACTERS);
  return value;
}

/** A parameter whose name hides something gets a title that shows it. */
function named(name: string, schema: unknown): unknown {
  const shown = seen(name, TITLE_CHARACTERS);
  const isPlain = shown === name || !isObject(schema) || typeof schema.title === 'string';
  return typed(isPlain ? schema : { ...schema, title: shown });
}

/** The form library finds a field by this id; it has none for values that may be of any type. */
export const ANY_VALUE = 'any-value';

const SHAPES = [
  'enum',
  'const',
  'oneOf',
  'anyOf',
  'allOf',
  '$ref',
  'properties',
  'required',
  'items',
];

function typed(schema: unknown): unknown {
  if (!isObject(schema) || SHAPES.some((word) => word in schema)) return schema;
  const { type } = schema;
  const types = Array.isArray(type) ? type.filter((each) => each !== 'null') : [type];
  const isOne = types.length === 1 && typeof types[0] === 'string';
  const isMap =
    type === undefined && ('additionalProperties' in schema || 'patternProperties' in schema);
  return isOne || isMap ? schema : { ...schema, $id: ANY_VALUE };
}

/** For places that show a plain string: hidden characters become their codes. */
export function seen(text: string, most: number): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return partsOf(cut)
    .map((part) => (part.kind === 'hidden' ? `[${part.code}]` : part.text))
    .join('');
}
