import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { RegistryError } from '../../../registry/errors.js';
import { validate } from '../../../registry/operations/validate.js';

const schema = z.strictObject({
  name: z.string().max(3),
  count: z.int().min(1).optional(),
  mode: z.enum(['a', 'b']).default('a'),
  deep: z.strictObject({ flag: z.boolean() }).default({ flag: true }),
});

function problemsOf(input: unknown, hints = {}) {
  try {
    validate(schema, input, hints);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(RegistryError);
    return (error as RegistryError).problems;
  }
}

describe('validate', () => {
  it('gives what the schema makes of good input', () => {
    expect(validate(schema, { name: 'x' })).toEqual({ name: 'x', mode: 'a', deep: { flag: true } });
  });

  it.each([
    [{}, 'name', 'is required'],
    [{ name: 1 }, 'name', 'must be a string'],
    [{ name: null }, 'name', 'must be a string'],
    [{ name: 'long' }, 'name', 'must be at most 3 characters long'],
    [{ name: 'x', count: 0 }, 'count', 'must be at least 1'],
    [{ name: 'x', count: 1.5 }, 'count', 'must be an integer'],
    [{ name: 'x', mode: 'c' }, 'mode', 'must be "a" or "b"'],
    [{ name: 'x', deep: { flag: 1 } }, 'deep.flag', 'must be a boolean'],
    [[], '', 'must be an object'],
    ['text', '', 'must be an object'],
  ])('says of %j that %s %s', (input, field, message) => {
    expect(problemsOf(input)).toEqual([{ field, message }]);
  });

  it('names unknown fields at their place with those that are known there', () => {
    expect(problemsOf({ name: 'x', deep: { flag: true, odd: 1 }, more: 1 })).toEqual([
      { field: 'deep.odd', message: '"odd" is not a known field; known fields are: flag' },
      {
        field: 'more',
        message: '"more" is not a known field; known fields are: name, count, mode, deep',
      },
    ]);
  });

  it('names the known fields also of what stands in a list', () => {
    const list = z.strictObject({ items: z.array(z.strictObject({ name: z.string() })).max(9) });
    const problem = {
      field: 'items.0.odd',
      message: '"odd" is not a known field; known fields are: name',
    };
    expect(() => validate(list, { items: [{ name: 'x', odd: 1 }] })).toThrow(
      expect.objectContaining({ problems: [problem] }),
    );
  });

  it.each(['constructor', 'toString', '__proto__'])('names the unknown field %s', (name) => {
    const input: unknown = JSON.parse(`{"name":"x","${name}":1}`);
    const message = `"${name}" is not a known field; known fields are: name, count, mode, deep`;
    expect(problemsOf(input)).toEqual([{ field: name, message }]);
  });

  it('tells of a hundred problems at most, and not whole names that are too long', () => {
    const input = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`odd${at}`, 1]));
    const problems = problemsOf({ name: 'x', ...input });
    expect(problems).toHaveLength(100);
    expect(problems[0]).toMatchObject({ field: 'odd0' });
    expect(() => validate(schema, { name: 'x', ...input })).toThrow(/odd99 and more\. See/);
    const [long] = problemsOf({ name: 'x', ['y'.repeat(100_000)]: 1 });
    expect(long?.field).toHaveLength(200);
    expect(long?.message.length).toBeLessThan(300);
  });

  it('gives a hint instead where there is one', () => {
    expect(problemsOf({ name: 'x', later: 1 }, { later: 'comes later' })).toEqual([
      { field: 'later', message: 'comes later' },
    ]);
  });
});
