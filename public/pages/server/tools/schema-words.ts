import { arrayOf, isObject, resolved, type JsonSchema } from './json-schema.js';

const MOST_VALUES = 12;
const MOST_CHARACTERS = 80;

/** The type of a value in words: `string`, `list of integer`, `one of 3 shapes`. */
export function typeOf(part: JsonSchema, root: JsonSchema, depth = 0): string {
  const { type, enum: values, format } = part;
  if ('const' in part) return 'fixed value';
  if (Array.isArray(values)) return 'one of';
  if (Array.isArray(type)) return type.slice(0, MOST_VALUES).map(String).join(' or ');
  if (type === 'array' || (type === undefined && 'items' in part)) {
    const items = depth < 3 ? resolved(part.items, root) : undefined;
    return items === undefined ? 'list' : `list of ${typeOf(items, root, depth + 1)}`;
  }
  if (typeof type === 'string')
    return typeof format === 'string' ? `${type}, ${cut(format)}` : type;
  const choices = [...arrayOf(part.oneOf), ...arrayOf(part.anyOf)];
  if (choices.length > 0) return choicesOf(choices, root, depth);
  return isObject(part.properties) || Array.isArray(part.allOf) ? 'object' : 'anything';
}

function choicesOf(choices: readonly unknown[], root: JsonSchema, depth: number): string {
  const parts = choices.map((choice) => resolved(choice, root) ?? {});
  const types = new Set(depth < 3 ? parts.map((part) => typeOf(part, root, depth + 1)) : []);
  const isPlain = types.size > 0 && types.size <= 4 && !types.has('object') && !types.has('one of');
  return isPlain ? [...types].join(' or ') : `one of ${String(choices.length)} shapes`;
}

const FACTS: readonly (readonly [string, (value: string) => string])[] = [
  ['minimum', (value) => `at least ${value}`],
  ['exclusiveMinimum', (value) => `more than ${value}`],
  ['maximum', (value) => `at most ${value}`],
  ['exclusiveMaximum', (value) => `less than ${value}`],
  ['multipleOf', (value) => `a multiple of ${value}`],
  ['minLength', (value) => `at least ${value} characters`],
  ['maxLength', (value) => `at most ${value} characters`],
  ['pattern', (value) => `matches ${value}`],
  ['minItems', (value) => `at least ${value} items`],
  ['maxItems', (value) => `at most ${value} items`],
  ['contentEncoding', (value) => `encoded as ${value}`],
  ['contentMediaType', (value) => value],
];

/** What else a schema asks of a value, in words. */
export function factsOf(part: JsonSchema): string[] {
  const { enum: values, default: byDefault } = part;
  return [
    ...('const' in part ? [`always ${json(part.const)}`] : []),
    ...(Array.isArray(values) ? [valuesText(values)] : []),
    ...FACTS.flatMap(([key, words]) => {
      const value = part[key];
      return typeof value === 'string' || typeof value === 'number'
        ? [words(cut(String(value)))]
        : [];
    }),
    ...(part.uniqueItems === true ? ['no item twice'] : []),
    ...(byDefault === undefined ? [] : [`${json(byDefault)} when left out`]),
    ...(part.deprecated === true ? ['no longer to be used'] : []),
    ...(part.readOnly === true ? ['not to be sent'] : []),
  ];
}

function valuesText(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map(json).join(', ');
  const left = values.length - MOST_VALUES;
  return left > 0 ? `${shown} and ${String(left)} more` : shown;
}

function json(value: unknown): string {
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
