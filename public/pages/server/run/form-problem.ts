import { arrayOf, isObject, lookUp, type JsonSchema } from '../tools/json-schema.js';

const MOST_PARTS = 300;
const MOST_DEPTH = 10;
const MOST_VALUES = 500;
const MOST_FIRST_ITEMS = 50;

/** What the form library does not know, or what would let it fetch or loop. */
const UNKNOWN_WORDS = ['$dynamicRef', '$recursiveRef', 'unevaluatedItems'];

/**
 * Why there can be no form for a schema: it is too large, contains itself without end, or uses what forms cannot show.
 * @returns for people; undefined when a form will do
 */
export function formProblem(schema: JsonSchema): string | undefined {
  if (schema.type !== undefined && schema.type !== 'object') {
    return 'The arguments are not described as an object.';
  }
  let parts = 0;

  const look = (raw: unknown, refs: readonly string[], depth: number): string | undefined => {
    if (!isObject(raw)) return undefined;
    parts += 1;
    if (parts > MOST_PARTS) return `The schema has more than ${String(MOST_PARTS)} parts.`;
    if (depth > MOST_DEPTH) return `The schema is more than ${String(MOST_DEPTH)} levels deep.`;
    const own = ownProblem(raw);
    if (own !== undefined) return own;
    if (typeof raw.$ref === 'string') {
      const { $ref } = raw;
      if (refs.includes($ref)) return 'The schema contains itself without end.';
      const target = lookUp($ref, schema);
      if (!isObject(target))
        return `The schema refers to ${$ref.slice(0, 80)}, which it does not hold.`;
      const inner = look(target, [...refs, $ref], depth);
      if (inner !== undefined) return inner;
    }
    return first(partsOf(raw), ({ part, later }) =>
      // What a list holds is shown only when somebody adds an item, and may therefore refer to what is around it.
      look(part, later ? refs.slice(0, 0) : refs, depth + 1),
    );
  };

  return look(schema, ['#'], 0);
}

function ownProblem(part: JsonSchema): string | undefined {
  const word = UNKNOWN_WORDS.find((each) => each in part);
  if (word !== undefined) return `The schema uses ${word}.`;
  if (arrayOf(part.enum).length > MOST_VALUES) return 'The schema has a very long list of values.';
  const { minItems } = part;
  if (typeof minItems === 'number' && minItems > MOST_FIRST_ITEMS) {
    return `The schema asks for at least ${String(minItems)} items.`;
  }
  return undefined;
}

/** The parts that a form shows at once; `later`: only when somebody asks for one more. */
function* partsOf(
  part: JsonSchema,
): Generator<{ readonly part: unknown; readonly later: boolean }> {
  for (const key of ['properties', 'dependentSchemas', 'dependencies']) {
    const map = part[key];
    if (isObject(map)) for (const each of Object.values(map)) yield { part: each, later: false };
  }
  for (const key of ['oneOf', 'anyOf', 'allOf', 'prefixItems']) {
    for (const each of arrayOf(part[key])) yield { part: each, later: false };
  }
  for (const key of ['if', 'then', 'else', 'not']) yield { part: part[key], later: false };
  if (Array.isArray(part.items))
    for (const each of arrayOf(part.items)) yield { part: each, later: false };
}

function first<T>(values: Iterable<T>, find: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
