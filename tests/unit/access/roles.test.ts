import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, ROLES, SCOPES, type Scope } from '../../../registry/access/principal.js';
import { permissionsOfRoles, permissionsOfToken } from '../../../registry/access/roles.js';

const token = (...scopes: Scope[]) => ({ scopes, groups: [] });

describe('permissions', () => {
  it('are all of an admin, and none without a role', () => {
    expect([...permissionsOfRoles(['admin'])].sort()).toEqual([...PERMISSIONS].sort());
    expect(permissionsOfRoles([]).size).toBe(0);
  });

  it('of tokens grow from read to write to admin', () => {
    const of = (scope: Scope) => permissionsOfToken(['admin'], token(scope));
    expect([...of('read')]).toEqual([
      'servers:read',
      'servers:read-any',
      'gateway:read',
      'groups:read',
      'usage:read',
      'metrics:read',
    ]);
    expect([...of('read')].every((permission) => of('write').has(permission))).toBe(true);
    expect([...of('write')].every((permission) => of('admin').has(permission))).toBe(true);
    expect(of('write').has('tokens:manage')).toBe(false);
    expect(of('admin').size).toBe(PERMISSIONS.length);
  });

  it('of tokens are never more than those of the account, and none without a scope', () => {
    expect(permissionsOfToken([], token('admin')).size).toBe(0);
    expect(permissionsOfToken(['admin'], token()).size).toBe(0);
  });

  const NARROW = [
    { what: 'groups', limits: { groups: ['a'] }, scopes: ['read', 'write'] as Scope[] },
    { what: 'a server', limits: { groups: [], server: '/a' }, scopes: [...SCOPES] },
  ];

  it.each(NARROW)('of tokens for $what concern single servers', ({ limits, scopes }) => {
    for (const scope of scopes) {
      for (const role of ROLES) {
        const all = permissionsOfToken([role], { scopes: [scope], groups: [] });
        const narrow = permissionsOfToken([role], { scopes: [scope], ...limits });
        const single = [...all].filter(
          (permission) =>
            permission === 'tools:call' ||
            permission === 'tokens:own' ||
            (permission.startsWith('servers:') && permission !== 'servers:read-any'),
        );
        expect([role, scope, [...narrow]]).toEqual([role, scope, single]);
      }
    }
  });

  it('of a token of scope admin do not shrink by its groups', () => {
    const made = permissionsOfToken(['admin'], { scopes: ['admin'], groups: ['a'] });
    expect(made.size).toBe(PERMISSIONS.length);
  });
});
