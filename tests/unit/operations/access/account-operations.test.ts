import { describe, expect, it } from '@jest/globals';
import { ensureFirstAdmin } from '../../../../registry/access/first-admin.js';
import { createLoginThrottle } from '../../../../registry/access/login-throttle.js';
import { createAccountOperations } from '../../../../registry/operations/access/account-operations.js';
import { createFakeClock } from '../../../fakes/fake-clock.js';
import { createMemorySessionStore } from '../../../fakes/memory-session-store.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { createRecordingLog } from '../../../fakes/recording-log.js';

const OLD = 'the old password';

async function setUp() {
  const [store, clock, log] = [createMemoryStore(), createFakeClock(), createRecordingLog()];
  await ensureFirstAdmin({ store, admin: { username: 'ann', password: OLD }, clock, log });
  const throttle = createLoginThrottle({ clock });
  const sessions = createMemorySessionStore(clock);
  const operations = createAccountOperations({ store, sessions, throttle, clock, log });
  const by = { username: 'ann', address: '192.0.2.1', sessionId: undefined };
  const change = (currentPassword: string, newPassword: string) =>
    operations.changePassword({ currentPassword, newPassword }, by);
  return { store, log, change };
}

describe('a change of password', () => {
  it('is made once when two with the same old password race', async () => {
    const { store, change } = await setUp();
    const settled = await Promise.allSettled([
      change(OLD, 'first new one'),
      change(OLD, 'second new one'),
    ]);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        problems: [{ field: 'currentPassword', message: 'is not your password any more' }],
      },
    });
    expect(store.state().revision).toBe(2);
  });

  it('logs neither password', async () => {
    const { log, change } = await setUp();
    await change(OLD, 'the new password');
    await expect(change('a wrong one', 'another password')).rejects.toThrow();
    expect(JSON.stringify(log.entries)).not.toMatch(/the old|the new|a wrong|another password/);
  });

  it('is refused with the reason where the account has no password', async () => {
    const { store, change } = await setUp();
    await store.commit(({ accounts }) => ({
      accounts: accounts.map(({ passwordHash: _, ...account }) => account),
    }));
    await expect(change(OLD, 'the new password')).rejects.toMatchObject({
      problems: [{ field: 'currentPassword', message: expect.stringMatching(/no password/) }],
    });
  });
});
