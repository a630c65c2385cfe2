import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { Tool } from '../../../registry/catalog/discovery.js';
import { packTool } from '../../../registry/catalog/pack-tool.js';

const object = fc.object().map((value) => JSON.parse(JSON.stringify(value)) as object);
const tools = fc.record(
  {
    name: fc.string(),
    description: fc.string(),
    inputSchema: object,
    outputSchema: object,
    annotations: object,
  },
  { requiredKeys: ['name', 'inputSchema'], noNullPrototype: true },
) as fc.Arbitrary<Tool>;

it('gives a tool that is like the one it was made of, however it is looked at', () => {
  fc.assert(
    fc.property(tools, (tool) => {
      const packed = packTool(tool);
      expect(isDeepStrictEqual(packed, tool)).toBe(true);
      expect(packed).toEqual(tool);
      expect({ ...packed }).toEqual(tool);
      expect(JSON.parse(JSON.stringify(packed))).toEqual(JSON.parse(JSON.stringify(tool)));
      expect(packTool(packed)).toEqual(tool);
    }),
  );
});

it('has no regard to the order in which a schema names things', () => {
  const one = packTool({ name: 'a', inputSchema: { type: 'object', properties: {} } });
  const other = packTool({ name: 'a', inputSchema: { properties: {}, type: 'object' } });
  expect(isDeepStrictEqual(one, other)).toBe(true);
});
