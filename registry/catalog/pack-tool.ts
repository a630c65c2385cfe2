import type { Tool } from './discovery.js';

const SCHEMAS = Symbol('schemas');
type Packed = Readonly<Record<typeof SCHEMAS, string>>;
type Schemas = Pick<Tool, 'inputSchema' | 'outputSchema'>;

const read = (field: keyof Schemas): PropertyDescriptor => ({
  enumerable: true,
  get(this: Packed) {
    return (JSON.parse(this[SCHEMAS]) as Schemas)[field];
  },
});
const INPUT = { inputSchema: read('inputSchema') };
const BOTH = { ...INPUT, outputSchema: read('outputSchema') };

/**
 * The same tool with its schemas kept as JSON, and read anew by everybody who looks at them. Schemas are most of what
 * there is to know of a tool, hardly ever looked at, and as objects they take three times the memory.
 */
export function packTool({ inputSchema, outputSchema, ...rest }: Tool): Tool {
  const packed = { [SCHEMAS]: JSON.stringify({ inputSchema, outputSchema }), ...rest };
  // Equal schemas need not be equal as text.
  Object.defineProperty(packed, SCHEMAS, { enumerable: false });
  const fields = outputSchema === undefined ? INPUT : BOTH;
  return Object.freeze(Object.defineProperties(packed, fields) as Packed & Tool);
}
