type Json = Readonly<Record<string, unknown>>;

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PRIMITIVES: readonly unknown[] = ['string', 'integer', 'boolean'];
/** Keywords whose value is data, not a schema. */
const DATA_KEYWORDS: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);
const MAX_DEPTH = 64;

/**
 * What is wrong with the `x-mcp-header` declarations of an input schema, or undefined. A client of
 * 2026-07-28 must not use a tool whose declarations break the rules: a declaration is a unique token on
 * a string, integer or boolean that is reached through `properties` alone.
 */
export function faultOfMcpHeaders(inputSchema: Json): string | undefined {
  const seen = new Set<string>();
  const properties = (node: Json, depth: number): string | undefined => {
    if (depth > MAX_DEPTH) return undefined;
    for (const [name, child] of Object.entries(asObject(node.properties))) {
      const schema = asObject(child);
      const fault = 'x-mcp-header' in schema ? faultOfDeclaration(schema, seen) : undefined;
      if (fault !== undefined) return `${name}: ${fault}`;
      const deeper = properties(schema, depth + 1);
      if (deeper !== undefined) return deeper;
    }
    return misplaced(node, depth)
      ? 'x-mcp-header stands where it is not reached through properties alone'
      : undefined;
  };
  if ('x-mcp-header' in inputSchema) return 'x-mcp-header stands on the schema itself';
  return properties(inputSchema, 0);
}

function faultOfDeclaration(schema: Json, seen: Set<string>): string | undefined {
  const header = schema['x-mcp-header'];
  if (typeof header !== 'string' || !TOKEN.test(header)) return 'x-mcp-header is not a token';
  if (!PRIMITIVES.includes(schema.type)) {
    return 'x-mcp-header needs the type string, integer or boolean';
  }
  if (seen.has(header.toLowerCase())) return `x-mcp-header "${header}" is declared twice`;
  seen.add(header.toLowerCase());
  return undefined;
}

/** Whether a declaration hides in another keyword than `properties`. */
function misplaced(node: Json, depth: number): boolean {
  return Object.entries(node)
    .filter(([keyword]) => keyword !== 'properties' && !DATA_KEYWORDS.has(keyword))
    .some(([, value]) => declares(value, depth + 1));
}

function declares(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return false;
  if (!Array.isArray(value) && 'x-mcp-header' in value) return true;
  return Object.values(value).some((child) => declares(child, depth + 1));
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}
