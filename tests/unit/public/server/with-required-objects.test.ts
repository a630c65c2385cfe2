import { describe, expect, it } from '@jest/globals';
import { withRequiredObjects } from '../../../../public/pages/server/run/with-required-objects.js';

const point = { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] };

describe('withRequiredObjects', () => {
  it('fills in objects that are required, and no others', () => {
    const schema = {
      required: ['at', 'name', 'line'],
      properties: {
        at: { $ref: '#/$defs/point' },
        to: { $ref: '#/$defs/point' },
        name: { type: 'string' },
        line: { properties: { from: point, by: point }, required: ['from'] },
      },
      $defs: { point },
    };
    expect(withRequiredObjects(schema, {})).toEqual({ at: {}, line: { from: {} } });
    const given = { at: { x: 1 }, to: { x: 2 }, line: 'wrong' };
    expect(withRequiredObjects(schema, given)).toEqual(given);
  });

  it('ends where a schema requires itself', () => {
    const schema = { properties: { me: { $ref: '#' } }, required: ['me'] };
    expect(JSON.stringify(withRequiredObjects(schema, {})).length).toBeLessThan(200);
  });
});
