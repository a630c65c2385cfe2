import { describe, expect, it } from '@jest/globals';
import { schemaRows } from '../../../../public/pages/server/tools/schema-rows.js';

const lines = (schema: Readonly<Record<string, unknown>>) =>
  schemaRows(schema).rows.map(({ path, type, required, facts }) =>
    [path.join('.') + (required ? '*' : ''), type, ...facts].join(' | '),
  );

describe('schemaRows', () => {
  it('lists parameters with type, need and rules', () => {
    expect(
      lines({
        type: 'object',
        required: ['city'],
        properties: {
          city: { type: 'string', minLength: 2, pattern: '^[A-Z]' },
          days: { type: 'integer', minimum: 1, maximum: 14, default: 3 },
          units: { enum: ['metric', 'imperial'] },
          when: { type: 'string', format: 'date' },
          note: { type: ['string', 'null'] },
          tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          free: {},
        },
      }),
    ).toEqual([
      'city* | string | at least 2 characters | matches ^[A-Z]',
      'days | integer | at least 1 | at most 14 | 3 when left out',
      'units | one of | "metric", "imperial"',
      'when | string, date',
      'note | string or null',
      'tags | list of string | no item twice',
      'free | anything',
    ]);
  });

  it('shows parts below their wholes, through references, lists and choices', () => {
    expect(
      lines({
        properties: {
          from: { $ref: '#/$defs/place' },
          stops: { type: 'array', items: { $ref: '#/$defs/place' } },
          shape: {
            oneOf: [
              { title: 'Circle', type: 'object', properties: { radius: { type: 'number' } } },
              { type: 'object', properties: { side: { type: 'number' } } },
            ],
          },
          id: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        },
        $defs: {
          place: { type: 'object', required: ['lat'], properties: { lat: { type: 'number' } } },
        },
      }),
    ).toEqual([
      'from | object',
      'from.lat* | number',
      'stops | list of object',
      'stops.[] | object',
      'stops.[].lat* | number',
      'shape | one of 2 shapes',
      'shape.Circle | object',
      'shape.Circle.radius | number',
      'shape.choice 2 | object',
      'shape.choice 2.side | number',
      'id | string or integer',
    ]);
  });

  it('ends where a schema holds itself', () => {
    const { rows, cut } = schemaRows({
      properties: { node: { $ref: '#/$defs/node' } },
      $defs: { node: { type: 'object', properties: { child: { $ref: '#/$defs/node' } } } },
    });
    expect(rows.map(({ path }) => path.join('.'))).toEqual(['node', 'node.child']);
    expect(rows[1]?.facts).toEqual(['has parts like the one above it']);
    expect(cut).toBe(false);
  });

  it('ends with very many and very deep parameters', () => {
    const many = schemaRows({
      properties: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, {}])),
    });
    expect(many.rows).toHaveLength(250);
    expect(many.cut).toBe(true);
    let deep: Record<string, unknown> = { type: 'string' };
    for (let level = 0; level < 5_000; level += 1) deep = { properties: { a: deep } };
    expect(schemaRows(deep)).toMatchObject({ rows: { length: 6 }, cut: true });
  });

  it.each([
    ['', {}],
    ['words of the wrong type', { properties: 3, required: 'x', oneOf: {}, allOf: 'a' }],
    ['a part that is no schema', { properties: { a: null, b: 'x', c: [] } }],
    ['a reference to itself', { properties: { a: { $ref: '#/properties/a' } } }],
    ['a choice of itself', { oneOf: [{ $ref: '#' }] }],
  ])('bears anything: %s', (_what, schema) => {
    expect(schemaRows(schema).cut).toBe(false);
  });
});
