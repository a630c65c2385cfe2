import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import { isObject, pointerParts } from '../tools/json-schema.js';
import { messageOf } from './argument-message.js';
import { isQuickPattern } from './slow-patterns.js';

/** What is wrong with one value. */
export interface ArgumentError {
  /** Where, from the outside in; empty: the arguments as a whole. */
  readonly path: readonly string[];
  readonly message: string;
  readonly keyword: string;
}

export interface ArgumentCheck {
  readonly errors: readonly ArgumentError[];
  /** Whether rules were left to the server, because they cannot be checked here without risk. */
  readonly partly: boolean;
}

const UNCHECKED: ArgumentCheck = { errors: [], partly: true };
const MOST_ERRORS = 50;

/**
 * Checks a value against a schema of a server, without eval, and without patterns that could hold up the page. What
 * cannot be checked here passes: the server has the last word.
 * @param root the schema into which references of `schema` lead
 */
export function checkArguments(
  schema: unknown,
  value: unknown,
  root: unknown = schema,
): ArgumentCheck {
  if (value === undefined) return UNCHECKED;
  try {
    const length = longestText(value);
    const { prepared, partly } = prepare(schema, root, length);
    const validator = new Validator(prepared as Schema, '2020-12', false);
    const { valid, errors } = validator.validate(value);
    return { errors: valid ? [] : toErrors(errors, value), partly };
  } catch {
    // References that lead nowhere, schemas within themselves, words with values of the wrong type.
    return UNCHECKED;
  }
}

/** Puts the root beside the schema, so that its references lead there, and leaves out what is not to be run. */
function prepare(schema: unknown, root: unknown, length: number) {
  let partly = false;
  const inMap = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
  const asIs = new Set(['default', 'const', 'enum', 'examples', 'required']);
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => word(key, inner)));
  };
  const word = (key: string, inner: unknown): [string, unknown][] => {
    if (asIs.has(key)) return [[key, inner]];
    if (inMap.has(key) && isObject(inner)) {
      const names = Object.entries(inner).map(([name, part]) => [name, rewrite(part)]);
      return [[key, Object.fromEntries(names)]];
    }
    if (key === '$ref' && typeof inner === 'string') {
      return [[key, inner.startsWith('#') ? `#/$defs/root${inner.slice(1)}` : inner]];
    }
    if (['$id', 'id', '$schema', '$anchor'].includes(key) && typeof inner === 'string') return [];
    const patterns =
      key === 'pattern'
        ? [inner]
        : key === 'patternProperties' && isObject(inner)
          ? Object.keys(inner)
          : [];
    const isSlow = patterns.some(
      (each) => typeof each !== 'string' || !isQuickPattern(each, length),
    );
    const isLong = key === 'format' && length > 1_000;
    if (isSlow || isLong) {
      partly = true;
      return [];
    }
    if (key === 'patternProperties' && isObject(inner)) {
      const names = Object.entries(inner).map(([name, part]) => [name, rewrite(part)]);
      return [[key, Object.fromEntries(names)]];
    }
    return [[key, rewrite(inner)]];
  };
  const prepared = { allOf: [rewrite(schema)], $defs: { root: rewrite(root) } };
  return { prepared, partly };
}

function longestText(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  const keys = Array.isArray(value) ? [] : Object.keys(value).map((key) => key.length);
  return [...Object.values(value).map(longestText), ...keys].reduce((a, b) => Math.max(a, b), 0);
}

/** Words that only say that something inside is wrong, which has an error of its own. */
const WRAPPERS = new Set([
  ...['properties', 'patternProperties', 'items', 'additionalItems', 'allOf', '$ref', 'if'],
  ...['dependentSchemas', 'prefixItems', 'then', 'else', '$recursiveRef'],
  ...['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'],
]);

function toErrors(units: readonly OutputUnit[], value: unknown): ArgumentError[] {
  const told = new Map<string, ArgumentError>();
  for (const unit of nearest(units)) {
    if (WRAPPERS.has(unit.keyword)) continue;
    const { path, message } = messageOf(unit, pointerParts(unit.instanceLocation), value);
    const key = JSON.stringify([path, message]);
    if (!told.has(key)) told.set(key, { path, message, keyword: unit.keyword });
    if (told.size >= MOST_ERRORS) break;
  }
  return [...told.values()];
}

/** Of several shapes of which none fits, only what is wrong with the one that fits best. */
function nearest(units: readonly OutputUnit[]): readonly OutputUnit[] {
  const choice = units.find(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf');
  if (choice === undefined) return units;
  const prefix = `${choice.keywordLocation}/`;
  const inside = units.filter((unit) => unit.keywordLocation.startsWith(prefix));
  const rest = units.filter((unit) => unit !== choice && !inside.includes(unit));
  const shapes = new Map<string, OutputUnit[]>();
  for (const unit of inside) {
    const index = unit.keywordLocation.slice(prefix.length).split('/', 1)[0] ?? '';
    shapes.set(index, [...(shapes.get(index) ?? []), unit]);
  }
  const best = [...shapes.values()].sort((a, b) => distance(a, choice) - distance(b, choice))[0];
  // Something deeper tells more than "matches none"; the same depth does not.
  const tellsMore = best?.some(({ keyword }) => keyword !== 'type' && keyword !== 'const') ?? false;
  return [
    ...nearest(rest),
    ...(best !== undefined && tellsMore ? nearest(best) : [{ ...choice, keyword: 'choice' }]),
  ];
}

/** A wrong type or mark of the whole value weighs more than a wrong part. */
function distance(units: readonly OutputUnit[], { instanceLocation }: OutputUnit): number {
  return units
    .filter(({ keyword }) => !WRAPPERS.has(keyword))
    .reduce((sum, { keyword, instanceLocation: at }) => {
      const isMark = keyword === 'const' || (keyword === 'type' && at === instanceLocation);
      return sum + (isMark ? 100 : 1);
    }, 0);
}
