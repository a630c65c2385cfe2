import { describe, expect, it } from '@jest/globals';
import { accountSchema } from '../../../registry/access/account.js';
import { hashPassword, verifyPassword } from '../../../registry/access/password.js';

describe('passwords', () => {
  it('are hashed with argon2id, salted, in the form that accounts are stored in', async () => {
    const [one, two] = await Promise.all([hashPassword('secret'), hashPassword('secret')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(accountSchema.shape.passwordHash.safeParse(one).success).toBe(true);
  });

  it('are verified', async () => {
    const hash = await hashPassword('secret');
    expect(await verifyPassword(hash, 'secret')).toBe(true);
    expect(await verifyPassword(hash, 'Secret')).toBe(false);
  });

  it('match nothing where there is no hash, after the same work', async () => {
    expect(await verifyPassword(undefined, 'secret')).toBe(false);
    expect(await verifyPassword(undefined, '')).toBe(false);
  });
});
