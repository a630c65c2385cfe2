import { describe, expect, it } from '@jest/globals';
import { createAuthenticator } from '../../../registry/access/authenticator.js';
import { ensureFirstAdmin } from '../../../registry/access/first-admin.js';
import { createFakeClock } from '../../fakes/fake-clock.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { createRecordingLog } from '../../fakes/recording-log.js';

function setUp() {
  const parts = { store: createMemoryStore(), clock: createFakeClock(), log: createRecordingLog() };
  return { ...parts, authenticator: createAuthenticator(parts) };
}

describe('the first administrator', () => {
  it('gets a generated password that is returned once and neither logged nor stored', async () => {
    const { authenticator, ...parts } = setUp();
    const made = await ensureFirstAdmin({ ...parts, admin: { username: 'root' } });
    const password = made?.password ?? '';
    expect(password.length).toBeGreaterThanOrEqual(24);
    expect(await authenticator.ofPassword('root', password)).toMatchObject({ roles: ['admin'] });
    expect(parts.store.state().accounts).toMatchObject([{ mustChangePassword: true }]);
    expect(JSON.stringify([parts.log.entries, parts.store.state().accounts])).not.toContain(
      password,
    );
    expect(await ensureFirstAdmin({ ...parts, admin: { username: 'root' } })).toBeUndefined();
    expect(parts.store.state().accounts).toHaveLength(1);
  });

  it('gets the password that was given, which is not returned', async () => {
    const { authenticator, ...parts } = setUp();
    const admin = { username: 'root', password: 'given-to-me' };
    expect(await ensureFirstAdmin({ ...parts, admin })).toBeUndefined();
    expect(await authenticator.ofPassword('root', 'given-to-me')).toBeDefined();
    expect(parts.store.state().accounts[0]).not.toHaveProperty('mustChangePassword');
  });

  it('is made once when two starts race', async () => {
    const parts = setUp();
    const make = () => ensureFirstAdmin({ ...parts, admin: { username: 'root' } });
    const made = await Promise.all([make(), make()]);
    expect(made.filter((each) => each !== undefined)).toHaveLength(1);
    expect(parts.store.state().accounts).toHaveLength(1);
  });

  it('is not made over a store that cannot be read and so looks empty', async () => {
    const parts = setUp();
    parts.store.setHealth({ writable: false, reason: 'damaged', remedy: 'restore it' });
    expect(await ensureFirstAdmin({ ...parts, admin: { username: 'root' } })).toBeUndefined();
    expect(parts.log.entries).toMatchObject([{ level: 'warn' }]);
  });
});
