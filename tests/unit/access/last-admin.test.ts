import { describe, expect, it } from '@jest/globals';
import type { Account } from '../../../registry/access/account.js';
import {
  isSetUpNeeded,
  isWorkingAdmin,
  requireAdminLeft,
} from '../../../registry/access/last-admin.js';

const WITHOUT_PASSWORD: Account = {
  username: 'ann',
  roles: ['admin'],
  groups: [],
  disabled: false,
  createdAt: '2026-01-02T03:04:05.000Z',
};
const ADMIN: Account = { ...WITHOUT_PASSWORD, passwordHash: '$argon2id$x' };
const oidc = { issuer: 'https://id.example.com', subject: '1' };

describe('a working administrator', () => {
  it.each<[string, Account, boolean]>([
    ['with a password', ADMIN, true],
    ['of the identity provider', { ...WITHOUT_PASSWORD, oidc }, true],
    ['without a way to log in', WITHOUT_PASSWORD, false],
    ['who is disabled', { ...ADMIN, disabled: true }, false],
    ['who has another role', { ...ADMIN, roles: ['operator'] }, false],
  ])('is one %s: %#', (_sentence, account, expected) => {
    expect(isWorkingAdmin(account)).toBe(expected);
  });

  it('has to be left by a change, unless there was none before', () => {
    const refused = () => requireAdminLeft([ADMIN], [WITHOUT_PASSWORD]);
    expect(refused).toThrow(expect.objectContaining({ code: 'last-admin' }));
    expect(() => requireAdminLeft([ADMIN], [])).toThrow();
    expect(() => requireAdminLeft([ADMIN, { ...ADMIN, username: 'bob' }], [ADMIN])).not.toThrow();
    expect(() => requireAdminLeft([WITHOUT_PASSWORD], [])).not.toThrow();
  });
});

describe('the set-up', () => {
  const fresh: Account = { ...ADMIN, mustChangePassword: true };
  it.each<[string, Account[], boolean]>([
    ['no account', [], false],
    ['a fresh administrator', [fresh], true],
    ['one who chose a password', [ADMIN], false],
    ['one who chose a password beside a fresh one', [fresh, ADMIN], false],
    ['a fresh one beside a disabled one', [fresh, { ...ADMIN, disabled: true }], true],
    ['a fresh user who is no administrator', [{ ...fresh, roles: ['viewer'] }], false],
  ])('with %s is needed: %#', (_sentence, accounts, expected) => {
    expect(isSetUpNeeded(accounts)).toBe(expected);
  });
});
