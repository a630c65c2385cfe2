import { arrayOf, isObject, resolved, type JsonSchema } from '../tools/json-schema.js';

const MOST_DEPTH = 10;

/** The value with an empty object where one is required and nothing was filled in, so that its parts can be asked for. */
export function withRequiredObjects(
  schema: JsonSchema,
  value: JsonSchema,
  root: JsonSchema = schema,
  depth = 0,
): JsonSchema {
  const { properties } = schema;
  if (!isObject(properties) || depth > MOST_DEPTH) return value;
  const required = new Set(arrayOf(schema.required));
  const filled = Object.entries(properties).flatMap(([name, raw]): [string, unknown][] => {
    const part = resolved(raw, root);
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (part === undefined || !isObject(part.properties)) return [];
    if (isObject(given)) return [[name, withRequiredObjects(part, given, root, depth + 1)]];
    if (given !== undefined || !required.has(name)) return [];
    return [[name, withRequiredObjects(part, {}, root, depth + 1)]];
  });
  return filled.length === 0 ? value : { ...value, ...Object.fromEntries(filled) };
}
