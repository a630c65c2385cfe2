import { z } from 'zod';
import { RegistryError, type FieldProblem } from '../errors.js';

/** Nobody reads more, and a megabyte of unknown fields is not to be answered with ten. */
const MAX_PROBLEMS = 100;
/** What is shown of a name that comes from outside. */
const MAX_NAME = 200;

/**
 * Parses input that comes from outside.
 * @param hints what to say of fields that are known by name but not taken
 * @throws RegistryError `validation-failed` with every problem of every field at once, as far as these are not too many
 */
export function validate<S extends z.ZodType>(
  schema: S,
  input: unknown,
  hints: Readonly<Record<string, string>> = {},
): z.output<S> {
  const parsed = schema.safeParse(input, { error: (issue) => plainMessage(issue) });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(schema, issue, hints));
  throw validationError(problems);
}

/** The one form in which field problems are reported. */
export function validationError(all: readonly FieldProblem[]): RegistryError {
  const problems = all.slice(0, MAX_PROBLEMS);
  const fields = [...new Set(problems.map(({ field }) => field))].filter((field) => field !== '');
  const where = fields.length === 0 ? 'The input' : fields.join(', ');
  const more = problems.length < all.length ? ' and more' : '';
  return new RegistryError('validation-failed', `Not accepted: ${where}${more}. See "errors".`, {
    problems,
  });
}

function problemsOf(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  hints: Readonly<Record<string, string>>,
): FieldProblem[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') {
    return [{ field: path.join('.'), message: issue.message }];
  }
  const known = fieldsAt(schema, path).join(', ');
  // The names come from outside: every object has a "constructor".
  const hintOf = (key: string) => (Object.hasOwn(hints, key) ? hints[key] : undefined);
  // One more than is told, so that it shows that there are more.
  return issue.keys.slice(0, MAX_PROBLEMS + 1).map((key) => {
    const shown = key.slice(0, MAX_NAME);
    return {
      field: [...path, shown].join('.'),
      message: hintOf(key) ?? `"${shown}" is not a known field; known fields are: ${known}`,
    };
  });
}

/** zod's own words are for programmers; ours complete "<field> ...". */
function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is required' : `must be ${withArticle(issue.expected)}`;
  }
  if (issue.code === 'invalid_value') {
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  }
  if (issue.code === 'too_small') {
    return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  }
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  return undefined;
}

function withArticle(type: string): string {
  const name = type === 'int' ? 'integer' : type === 'record' ? 'object' : type;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' items' : '';
}

/** Names of the fields of the object that the schema describes at `path`. */
function fieldsAt(schema: z.ZodType, path: readonly string[]): string[] {
  const object = unwrap(schema);
  if (object instanceof z.ZodDiscriminatedUnion) {
    const options = object.options.filter((option) => option instanceof z.ZodType);
    return [...new Set(options.flatMap((option) => fieldsAt(option, path)))];
  }
  const [key, ...rest] = path;
  if (object instanceof z.ZodArray) {
    return object.element instanceof z.ZodType ? fieldsAt(object.element, rest) : [];
  }
  if (!(object instanceof z.ZodObject)) return [];
  if (key === undefined) return Object.keys(object.shape);
  const field: unknown = object.shape[key];
  return field instanceof z.ZodType ? fieldsAt(field, rest) : [];
}

function unwrap(schema: z.ZodType): unknown {
  let inner: unknown = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional) inner = inner.unwrap();
  return inner;
}
