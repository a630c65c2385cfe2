/** A JSON Schema as a server sent it: nothing about it can be taken for granted. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema itself, or the one inside `root` to which it refers; undefined when that is not to be found. */
export function resolved(schema: unknown, root: JsonSchema): JsonSchema | undefined {
  let at: unknown = schema;
  for (let hops = 0; hops < 20; hops += 1) {
    if (!isObject(at)) return undefined;
    const { $ref, ...beside } = at;
    if (typeof $ref !== 'string') return at;
    const target = lookUp($ref, root);
    if (!isObject(target)) return undefined;
    // Words beside a reference, such as a description, come before those of its target.
    at = { ...target, ...beside };
  }
  return undefined;
}

/** What a local reference names (RFC 6901 in a URI fragment). */
export function lookUp(ref: string, root: JsonSchema): unknown {
  if (!ref.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const part of pointerParts(ref)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[part];
  }
  return at;
}

/** `#/a/b~1c` -> a, b/c */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => decoded(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
