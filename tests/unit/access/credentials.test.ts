import { describe, expect, it } from '@jest/globals';
import { newPasswordSchema, usernameSchema } from '../../../registry/access/credentials.js';

describe('a user name', () => {
  it.each(['a', 'ann', 'Ann.B_c-1@example.com', 'x'.repeat(128)])('may be %s', (name) => {
    expect(usernameSchema.safeParse(name).success).toBe(true);
  });
  it.each(['', '.ann', '-ann', 'a b', 'a/b', 'a:b', 'ä', 'ann\n', 'x'.repeat(129)])(
    'may not be %j',
    (name) => {
      expect(usernameSchema.safeParse(name).success).toBe(false);
    },
  );
});

describe('a new password', () => {
  it.each(['12345678', 'with spaces in it', 'пароль для входа', 'x'.repeat(1024)])(
    'may be %s',
    (text) => {
      expect(newPasswordSchema.safeParse(text).success).toBe(true);
    },
  );
  it.each([
    ['1234567', 'at least 8'],
    ['x'.repeat(1025), 'at most 1024'],
    ['Password', 'placeholder'],
    ['your-password', 'placeholder'],
    ['<password>', 'placeholder'],
  ])('may not be %s', (text, reason) => {
    const { error } = newPasswordSchema.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(reason)]);
  });
});
