import { arrayOf, isObject, resolved, type JsonSchema } from './json-schema.js';
import { factsOf, typeOf } from './schema-words.js';

/** One parameter, or a part of one, for a table. */
export interface SchemaRow {
  /** Names from the outside in; `[]` stands for the items of a list. */
  readonly path: readonly string[];
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** What else holds of its value, such as "at least 1". */
  readonly facts: readonly string[];
}

export interface SchemaRows {
  readonly rows: readonly SchemaRow[];
  /** There are more than are shown. */
  readonly cut: boolean;
}

const MOST_ROWS = 250;
const MOST_DEPTH = 6;

/** The parameters that a schema describes, parts below their wholes. Never endless, whatever the schema refers to. */
export function schemaRows(schema: JsonSchema): SchemaRows {
  const rows: SchemaRow[] = [];
  let cut = false;

  const addProperties = (of: JsonSchema, path: readonly string[], above: readonly unknown[]) => {
    const required = new Set(arrayOf(of.required));
    for (const [name, raw] of Object.entries(isObject(of.properties) ? of.properties : {})) {
      addRow(raw, [...path, name], required.has(name), above);
    }
  };

  const addRow = (
    raw: unknown,
    path: readonly string[],
    required: boolean,
    above: readonly unknown[],
  ) => {
    if (rows.length >= MOST_ROWS) {
      cut = true;
      return;
    }
    const part = resolved(raw, schema) ?? {};
    const key = isObject(raw) && typeof raw.$ref === 'string' ? raw.$ref : raw;
    const isCycle = above.includes(key);
    rows.push({
      path,
      type: typeOf(part, schema),
      required,
      description: typeof part.description === 'string' ? part.description : '',
      facts: [...factsOf(part), ...(isCycle ? ['has parts like the one above it'] : [])],
    });
    if (!isCycle) addParts(part, path, [...above, key]);
  };

  const addParts = (part: JsonSchema, path: readonly string[], above: readonly unknown[]) => {
    if (path.length >= MOST_DEPTH) {
      cut ||= isObject(part.properties) || isObject(part.items);
      return;
    }
    addProperties(part, path, above);
    for (const each of arrayOf(part.allOf)) {
      const more = resolved(each, schema);
      if (more !== undefined && !above.includes(each)) {
        addProperties(more, path, [...above, each]);
      }
    }
    addChoices(part, path, above);
    const items = resolved(part.items, schema);
    if (items !== undefined && hasParts(items)) {
      addRow(part.items, [...path, '[]'], false, above);
    }
  };

  const addChoices = (part: JsonSchema, path: readonly string[], above: readonly unknown[]) => {
    const choices = [...arrayOf(part.oneOf), ...arrayOf(part.anyOf)];
    choices.forEach((raw, index) => {
      const choice = resolved(raw, schema);
      if (choice === undefined || !hasParts(choice)) return;
      const title = typeof choice.title === 'string' ? choice.title.slice(0, 60) : undefined;
      addRow(raw, [...path, title ?? `choice ${String(index + 1)}`], false, above);
    });
  };

  addParts(schema, [], [schema, '#']);
  return { rows, cut };
}

function hasParts(part: JsonSchema): boolean {
  return ['properties', 'items', 'oneOf', 'anyOf', 'allOf'].some((key) => key in part);
}
