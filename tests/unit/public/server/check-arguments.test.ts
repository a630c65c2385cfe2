import { describe, expect, it } from '@jest/globals';
import { checkArguments } from '../../../../public/pages/server/run/check-arguments.js';

const told = (schema: unknown, value: unknown, root?: unknown) =>
  checkArguments(schema, value, root).errors.map(
    ({ path, message }) => `${path.join('/')}: ${message}`,
  );

describe('checkArguments', () => {
  it('places each error at the value that it is about', () => {
    const schema = {
      type: 'object',
      required: ['city', 'days'],
      properties: {
        city: { type: 'string', minLength: 2 },
        days: { type: 'integer', minimum: 1, maximum: 14 },
        units: { enum: ['metric', 'imperial'] },
        stops: { type: 'array', items: { type: 'object', required: ['name'] } },
      },
      additionalProperties: false,
    };
    expect(
      told(schema, { days: 99, units: 'kelvin', stops: [{ name: 'a' }, {}], more: 1 }),
    ).toEqual([
      'city: is required',
      'days: must be at most 14',
      'units: must be one of "metric","imperial"',
      'stops/1/name: is required',
      'more: is not a parameter that is known here',
    ]);
    expect(told(schema, { city: 'x', days: 1.5 })).toEqual([
      'city: must have at least 2 characters',
      'days: must be an integer',
    ]);
    expect(told(schema, { city: 'Bern', days: 2 })).toEqual([]);
  });

  it('follows references into the root, also from a part of it', () => {
    const root = {
      type: 'object',
      properties: { from: { $ref: '#/$defs/place' }, to: { $ref: '#/$defs/place' } },
      $defs: {
        place: { type: 'object', required: ['lat'], properties: { lat: { type: 'number' } } },
      },
    };
    expect(told(root, { from: { lat: 'north' }, to: {} })).toEqual([
      'from/lat: must be a number',
      'to/lat: is required',
    ]);
    expect(told({ $ref: '#/$defs/place' }, {}, root)).toEqual(['lat: is required']);
    expect(told({ $ref: '#/properties/from' }, { lat: 1 }, root)).toEqual([]);
  });

  it('keeps names with slashes and tildes apart', () => {
    const schema = { properties: { 'a/b~c d': { type: 'number' } } };
    expect(checkArguments(schema, { 'a/b~c d': 'x' }).errors[0]?.path).toEqual(['a/b~c d']);
  });

  describe('of several shapes', () => {
    const shape = {
      oneOf: [
        {
          properties: { kind: { const: 'circle' }, radius: { type: 'number', minimum: 0 } },
          required: ['kind', 'radius'],
        },
        {
          properties: { kind: { const: 'square' }, side: { type: 'number' } },
          required: ['kind', 'side'],
        },
      ],
    };

    it('tells what is wrong with the nearest', () => {
      const schema = { properties: { shape } };
      expect(told(schema, { shape: { kind: 'circle', radius: -1 } })).toEqual([
        'shape/radius: must be at least 0',
      ]);
      expect(told(schema, { shape: { kind: 'square' } })).toEqual(['shape/side: is required']);
      expect(told(schema, { shape: { kind: 'square', side: 2 } })).toEqual([]);
    });

    it('says so when none is near', () => {
      const schema = { properties: { at: { anyOf: [{ type: 'string' }, { type: 'null' }] } } };
      expect(told(schema, { at: 5 })).toEqual([
        'at: fits none of the shapes that are allowed here',
      ]);
      expect(told(schema, { at: null })).toEqual([]);
    });

    it('says so when two fit', () => {
      const schema = { oneOf: [{ required: ['a'] }, { required: ['b'] }] };
      expect(told(schema, { a: 1, b: 2 })).toEqual([
        ': fits none of the shapes that are allowed here',
      ]);
    });
  });

  describe('with a schema that means harm', () => {
    it('leaves a pattern that would hang to the server', () => {
      const schema = { properties: { text: { type: 'string', pattern: '^(a+)+$' } } };
      const check = checkArguments(schema, { text: `${'a'.repeat(40)}!` });
      expect(check).toEqual({ errors: [], partly: true });
    });

    it('still checks a pattern that is quick', () => {
      const schema = { properties: { text: { pattern: '^[a-z]+$' } } };
      expect(told(schema, { text: 'A1' })).toEqual([
        'text: does not have the form that is asked for',
      ]);
    });

    it.each([
      ['a cycle of references', { $ref: '#' }],
      ['a cycle through allOf', { allOf: [{ $ref: '#' }] }],
      ['a reference to nowhere', { properties: { a: { $ref: '#/nowhere' } } }],
      ['a reference to another place', { $ref: 'https://elsewhere.example/schema' }],
      ['words of the wrong type', { properties: 7, required: 'x', enum: 3, oneOf: 'y' }],
      ['an id that is no URL', { $id: 'http://[', properties: { a: { $id: '::' } } }],
      ['no schema', 'string'],
    ])('lets the server judge: %s', (_what, schema) => {
      expect(checkArguments(schema, { a: 1 }).errors).toEqual([]);
    });

    it('takes the name __proto__ for a name', () => {
      const schema = JSON.parse('{"properties":{"__proto__":{"type":"number"}}}') as unknown;
      const value = JSON.parse('{"__proto__":"x"}') as unknown;
      expect(checkArguments(schema, value).errors[0]?.path).toEqual(['__proto__']);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    });

    it('survives ten thousand levels', () => {
      let schema: unknown = { type: 'string' };
      for (let level = 0; level < 10_000; level += 1) schema = { properties: { a: schema } };
      expect(checkArguments(schema, { a: {} }).errors).toEqual([]);
    });
  });

  it('ignores names of parameters that look like words of JSON Schema', () => {
    const schema = { properties: { pattern: { type: 'string' }, $ref: { type: 'string' } } };
    expect(told(schema, { pattern: '(a+)+', $ref: 4 })).toEqual(['$ref: must be a string']);
  });
});
