import { describe, expect, it } from '@jest/globals';
import { createAuthenticator } from '../../../registry/access/authenticator.js';
import { hashPassword } from '../../../registry/access/password.js';
import { hashToken, makeToken } from '../../../registry/access/token.js';
import { createFakeClock } from '../../fakes/fake-clock.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

async function setUp() {
  const clock = createFakeClock();
  const token = makeToken();
  const at = clock().toISOString();
  const passwordHash = await hashPassword('secret');
  const store = createMemoryStore({
    accounts: [
      {
        username: 'ann',
        passwordHash,
        roles: ['admin'],
        groups: [],
        disabled: false,
        createdAt: at,
      },
    ],
    tokens: [
      {
        id: 't1',
        name: 'ci',
        sha256: hashToken(token),
        owner: 'ann',
        scopes: ['read'],
        groups: [],
        createdAt: at,
        expiresAt: new Date(clock().getTime() + 1000).toISOString(),
      },
    ],
  });
  return { clock, store, token, authenticator: createAuthenticator({ store, clock }) };
}

describe('the authenticator', () => {
  it('knows a user by name and by password, and nobody else', async () => {
    const { authenticator } = await setUp();
    expect(authenticator.ofUser('ann')).toMatchObject({ username: 'ann', kind: 'user' });
    expect(authenticator.ofUser('bob')).toBeUndefined();
    expect(await authenticator.ofPassword('ann', 'secret')).toMatchObject({ username: 'ann' });
    expect(await authenticator.ofPassword('ann', 'wrong')).toBeUndefined();
    expect(await authenticator.ofPassword('bob', 'secret')).toBeUndefined();
  });

  it('knows a token until it expires', async () => {
    const { authenticator, token, clock } = await setUp();
    expect(authenticator.ofToken(token)).toMatchObject({ username: 'ann', kind: 'token' });
    clock.advance(1000);
    expect(authenticator.ofToken(token)).toBeUndefined();
  });

  it('knows no other token, and none whose account is gone', async () => {
    const { authenticator, token, store } = await setUp();
    for (const other of ['', makeToken(), token.toLowerCase(), hashToken(token)]) {
      expect(authenticator.ofToken(other)).toBeUndefined();
    }
    await store.commit(() => ({ accounts: [] }));
    expect(authenticator.ofToken(token)).toBeUndefined();
  });
});
