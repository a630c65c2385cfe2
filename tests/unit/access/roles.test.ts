import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS } from '../../../registry/access/principal.js';
import { permissionsOfRoles, permissionsOfToken } from '../../../registry/access/roles.js';

describe('permissions', () => {
  it('are all of an admin, and none without a role', () => {
    expect([...permissionsOfRoles(['admin'])].sort()).toEqual([...PERMISSIONS].sort());
    expect(permissionsOfRoles([]).size).toBe(0);
  });

  it('of tokens grow from read to write to admin', () => {
    const of = (scope: 'read' | 'write' | 'admin') => permissionsOfToken(['admin'], [scope]);
    expect([...of('read')]).toEqual(['servers:read', 'gateway:read', 'groups:read']);
    expect([...of('read')].every((permission) => of('write').has(permission))).toBe(true);
    expect([...of('write')].every((permission) => of('admin').has(permission))).toBe(true);
    expect(of('write').has('tokens:manage')).toBe(false);
    expect(of('admin').size).toBe(PERMISSIONS.length);
  });

  it('of tokens are never more than those of the account, and none without a scope', () => {
    expect(permissionsOfToken([], ['admin']).size).toBe(0);
    expect(permissionsOfToken(['admin'], []).size).toBe(0);
  });
});
