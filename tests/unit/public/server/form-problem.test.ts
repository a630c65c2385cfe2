import { describe, expect, it } from '@jest/globals';
import { formProblem } from '../../../../public/pages/server/run/form-problem.js';
import { tameSchema } from '../../../../public/pages/server/run/tame-schema.js';

const object = (properties: Readonly<Record<string, unknown>>, more: object = {}) => ({
  type: 'object',
  properties,
  ...more,
});

describe('formProblem', () => {
  it.each([
    ['no parameters', { type: 'object' }],
    ['flat parameters', object({ a: { type: 'string' }, b: { enum: [1, 2] } })],
    [
      'a list of things that hold such a list',
      object(
        { nodes: { type: 'array', items: { $ref: '#/$defs/node' } } },
        { $defs: { node: object({ parts: { type: 'array', items: { $ref: '#/$defs/node' } } }) } },
      ),
    ],
    [
      'the same part twice',
      object(
        { from: { $ref: '#/$defs/at' }, to: { $ref: '#/$defs/at' } },
        { $defs: { at: object({ lat: { type: 'number' } }) } },
      ),
    ],
  ])('there can be a form for %s', (_what, schema) => {
    expect(formProblem(schema)).toBeUndefined();
  });

  it.each([
    ['an object that holds itself', object({ me: { $ref: '#' } }), /without end/],
    [
      'two that hold each other',
      object(
        { a: { $ref: '#/$defs/a' } },
        {
          $defs: {
            a: object({ b: { $ref: '#/$defs/b' } }),
            b: { anyOf: [{ $ref: '#/$defs/a' }] },
          },
        },
      ),
      /without end/,
    ],
    ['a reference to nowhere', object({ a: { $ref: '#/no' } }), /does not hold/],
    ['a reference to elsewhere', object({ a: { $ref: 'https://x.example/s' } }), /does not hold/],
    ['very many items', object({ a: { type: 'array', minItems: 1e9 } }), /1000000000 items/],
    ['very many values', object({ a: { enum: Array.from({ length: 600 }, String) } }), /values/],
    [
      'very many parameters',
      object(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`p${i}`, {}]))),
      /300 parts/,
    ],
    ['what is no object', { type: 'string' }, /as an object/],
  ])('there can be none for %s', (_what, schema, problem) => {
    expect(formProblem(schema)).toMatch(problem);
  });

  it('there can be none for a schema that is very deep', () => {
    let schema: Record<string, unknown> = { type: 'object' };
    for (let level = 0; level < 5_000; level += 1) schema = object({ a: schema });
    expect(formProblem(schema)).toMatch(/levels deep/);
  });
});

describe('tameSchema', () => {
  it('cuts texts, and shows what hides in them', () => {
    const tamed = tameSchema({
      $id: 'https://x.example',
      properties: {
        title: { type: 'string', title: 'safe\u202Etxt', description: 'x'.repeat(1_000_000) },
      },
    });
    expect(tamed).toEqual({
      properties: {
        title: { type: 'string', title: 'safe[U+202E]txt', description: `${'x'.repeat(400)}…` },
      },
    });
  });

  it('leaves values alone', () => {
    const schema = {
      properties: { a: { default: { description: 'y'.repeat(500) }, enum: ['\u202E'] } },
    };
    expect(tameSchema(schema)).toEqual(schema);
  });
});
