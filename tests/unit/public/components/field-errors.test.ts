import { describe, expect, it } from '@jest/globals';
import { Problem } from '../../../../public/api/problem';
import { fieldErrors, isUnplaced } from '../../../../public/components/field-errors';

const refused = (...errors: { field: string; message: string }[]) =>
  new Problem(422, 'validation-failed', 'Refused', 'The request is refused', errors);

describe('fieldErrors', () => {
  it('puts what is said of an item beside the field that holds it', () => {
    const error = refused(
      { field: 'servers.0', message: 'must be a path' },
      { field: 'servers.3', message: 'must not be empty' },
      { field: 'name', message: 'is taken' },
    );
    expect(fieldErrors(error)).toEqual({
      servers: 'Must be a path; must not be empty',
      name: 'Is taken',
    });
    expect(isUnplaced(error, ['servers', 'name'])).toBe(false);
    expect(isUnplaced(error, ['servers'])).toBe(true);
  });

  it('leaves other errors to be shown elsewhere', () => {
    expect(fieldErrors(new Error('no'))).toEqual({});
    expect(isUnplaced(new Error('no'), ['name'])).toBe(true);
    expect(isUnplaced(null, ['name'])).toBe(false);
  });
});
