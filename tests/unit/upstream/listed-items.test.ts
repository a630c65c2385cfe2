import { describe, expect, it } from '@jest/globals';
import { readPrompt, readResource, readTool } from '../../../registry/upstream/listed-items.js';
import { faultOfMcpHeaders } from '../../../registry/upstream/x-mcp-header.js';

const schema = { type: 'object' };

describe('a listed item', () => {
  it('has its long description cut, with a note', () => {
    const read = readTool(
      { name: 'long', description: 'x'.repeat(70_000), inputSchema: schema },
      'legacy',
    );
    expect(read).toMatchObject({
      item: { description: 'x'.repeat(65_536) },
      notes: [expect.stringContaining('was cut')],
    });
  });

  it('is flagged for hidden characters and for a name that clients may refuse', () => {
    const read = readTool(
      { name: 'a.b', description: 'fine\u202egnp', inputSchema: schema },
      'legacy',
    );
    expect(read).toMatchObject({
      notes: [expect.stringContaining('clients may refuse'), expect.stringContaining('hidden')],
    });
  });

  it.each([
    ['tool', readTool({ name: 'n'.repeat(257), inputSchema: schema }, 'legacy')],
    ['tool', readTool({ name: 'n', inputSchema: [] }, 'legacy')],
    ['tool', readTool(null, 'modern')],
    ['prompt', readPrompt({ name: '' })],
    ['resource', readResource({ name: 'no uri' })],
    ['resource', readResource({ uri: 'file:///x' })],
  ])('is left out when it is no %s', (kind, read) => {
    expect(read).toEqual({ fault: expect.stringContaining(kind) });
  });

  it.each([
    ['no token', { a: { type: 'string', 'x-mcp-header': 'a b' } }],
    ['no primitive', { a: { type: 'object', 'x-mcp-header': 'A' } }],
    [
      'declared twice',
      { a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } },
    ],
    ['out of place', { a: { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } } }],
  ])('may not have a header that is %s', (_name, properties) => {
    expect(faultOfMcpHeaders({ type: 'object', properties })).toContain('x-mcp-header');
  });

  it('may have headers on nested primitives', () => {
    const properties = {
      a: { type: 'string', 'x-mcp-header': 'A', default: { 'x-mcp-header': 'data' } },
      b: { type: 'object', properties: { c: { type: 'integer', 'x-mcp-header': 'C' } } },
    };
    expect(faultOfMcpHeaders({ type: 'object', properties })).toBeUndefined();
  });
});
