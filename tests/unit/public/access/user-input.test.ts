import { describe, expect, it } from '@jest/globals';
import { formValuesOf, userInput } from '../../../../public/pages/access/user-input';

describe('userInput', () => {
  it('sends a password only where one was written', () => {
    const values = { ...formValuesOf(undefined), username: 'ada', displayName: ' Ada ' };
    expect(userInput(values)).toEqual({
      displayName: 'Ada',
      roles: ['viewer'],
      groups: [],
      disabled: false,
    });
    expect(
      userInput({ ...values, password: 'a long one', mustChangePassword: false }),
    ).toMatchObject({
      password: 'a long one',
      mustChangePassword: false,
    });
  });
});
