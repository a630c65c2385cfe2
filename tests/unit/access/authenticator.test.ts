import { describe, expect, it } from '@jest/globals';
import type { Account } from '../../../registry/access/account.js';
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
  const change = (fields: Partial<Account>) =>
    store.commit(({ accounts }) => ({ accounts: accounts.map((one) => ({ ...one, ...fields })) }));
  const authenticator = createAuthenticator({ store, clock });
  return { clock, store, token, authenticator, change, begunAt: at };
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

  it('lets nobody in whose account is disabled', async () => {
    const { authenticator, token, change, begunAt } = await setUp();
    await change({ disabled: true });
    expect(authenticator.ofUser('ann')).toBeUndefined();
    expect(authenticator.ofSession({ username: 'ann', begunAt })).toBeUndefined();
    expect(authenticator.ofToken(token)).toBeUndefined();
    expect(await authenticator.ofPassword('ann', 'secret')).toBeUndefined();
  });

  it('lets nobody log in to an account without a password', async () => {
    const { authenticator, store } = await setUp();
    await store.commit(({ accounts }) => ({
      accounts: accounts.map(({ passwordHash: _, ...account }) => account),
    }));
    for (const password of ['', 'secret', 'undefined']) {
      expect(await authenticator.ofPassword('ann', password)).toBeUndefined();
    }
    expect(authenticator.ofUser('ann')).toBeDefined();
  });

  it('does not take a password that was changed while it was checked', async () => {
    const { authenticator, change } = await setUp();
    const passwordHash = await hashPassword('another one');
    const pending = authenticator.ofPassword('ann', 'secret');
    await change({ passwordHash });
    expect(await pending).toBeUndefined();
  });

  it.each([
    ['of the account', {}, 0, true],
    ['from before the account, of one with the same name', {}, -1, false],
    ['from before all were ended', { sessionsSince: '2026-01-02T03:04:06.000Z' }, 999, false],
    ['from when all were ended', { sessionsSince: '2026-01-02T03:04:06.000Z' }, 1000, true],
  ])('knows the owner of a session %s: %j, %i ms, %s', async (_what, fields, ms, expected) => {
    const { authenticator, change, clock } = await setUp();
    await change(fields);
    const begunAt = new Date(clock().getTime() + ms).toISOString();
    const principal = authenticator.ofSession({ username: 'ann', begunAt });
    expect(principal !== undefined).toBe(expected);
  });

  it('holds people to choosing a new password, and not their tokens', async () => {
    const { authenticator, token, change } = await setUp();
    expect(authenticator.ofUser('ann')).not.toHaveProperty('mustChangePassword');
    await change({ mustChangePassword: true, displayName: 'Ann' });
    expect(authenticator.ofUser('ann')).toMatchObject({
      mustChangePassword: true,
      displayName: 'Ann',
    });
    expect(authenticator.ofToken(token)).toMatchObject({ displayName: 'Ann' });
    expect(authenticator.ofToken(token)).not.toHaveProperty('mustChangePassword');
  });
});
