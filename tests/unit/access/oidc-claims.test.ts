import { describe, expect, it } from '@jest/globals';
import {
  claimAt,
  displayNameOf,
  groupsOf,
  rolesOf,
  subjectPrincipal,
  usernameOf,
} from '../../../registry/access/oidc-claims.js';

describe('a claim', () => {
  it.each([
    ['its name', { groups: 1 }, 'groups', 1],
    ['a name with dots', { 'https://a.b/groups': 1 }, 'https://a.b/groups', 1],
    ['the way to it', { realm_access: { roles: 1 } }, 'realm_access.roles', 1],
    ['a way that ends early', { realm_access: 'x' }, 'realm_access.roles', undefined],
    ['what every object has', {}, 'constructor.name', undefined],
    ['a way through null', { a: null }, 'a.b', undefined],
  ])('is found by %s', (_what, claims, name, expected) => {
    expect(claimAt(claims, name)).toBe(expected);
  });
});

describe('groups', () => {
  it.each([
    ['an array', ['a', 'b'], ['a', 'b']],
    ['one text', 'a', ['a']],
    ['a text with spaces', 'a  b', ['a', 'b']],
    ['paths of Keycloak', ['/a', '/team/b'], ['a', 'team/b']],
    ['doubles', ['a', '/a', 'a'], ['a']],
    ['what cannot be a group here', ['ok', '', '//x', 'a b', 'é', 7, null, { a: 1 }], ['ok']],
    ['no list at all', { a: 1 }, []],
    ['nothing', undefined, []],
  ])('are read from %s', (_what, groups, expected) => {
    expect(groupsOf({ groups }, 'groups')).toEqual(expected);
  });

  it('are not read without end', () => {
    const groups = Array.from({ length: 10_000 }, (_, index) => `g${index}`);
    expect(groupsOf({ groups }, 'groups')).toHaveLength(500);
  });
});

describe('roles', () => {
  const map = [
    { group: 'admins', role: 'admin' },
    { group: '/staff', role: 'developer' },
    { group: 'makers', role: 'developer' },
  ] as const;
  it.each([
    [['admins'], ['admin']],
    [
      ['staff', 'makers', 'admins'],
      ['admin', 'developer'],
    ],
    [['Admins', 'other'], ['viewer']],
    [[], ['viewer']],
  ])('of %j are %j', (named, expected) => {
    expect(rolesOf(named, map)).toEqual(expected);
  });
});

describe('a user name', () => {
  it.each([
    [{ preferred_username: 'ada' }, 'ada'],
    [{ preferred_username: 'CORP\\Ada Lovelace' }, 'CORP-Ada-Lovelace'],
    [{ preferred_username: '--Zoë--' }, 'Zoe'],
    [{ preferred_username: '李', email: 'li@example.com' }, 'li@example.com'],
    [{ preferred_username: 7, sub: 'abc' }, 'abc'],
    [{ sub: '🦊' }, 'user'],
    [{ preferred_username: 'x'.repeat(300) }, 'x'.repeat(100)],
  ])('of %j is %s', (claims, expected) => {
    expect(usernameOf(claims, 'preferred_username')).toBe(expected);
  });
});

it.each([
  [{ name: ' Ada\u202e\n Lovelace ' }, 'Ada  Lovelace'],
  [{ name: '' }, undefined],
  [{ name: 7 }, undefined],
  [{}, undefined],
])('a display name of %j is %j', (claims, expected) => {
  expect(displayNameOf(claims)).toBe(expected);
});

describe('a subject', () => {
  it('is named by itself where that is safe', () => {
    expect(subjectPrincipal('auth0|a.B_c@d-1')).toBe('oidc:auth0|a.B_c@d-1');
  });

  it.each(['a b', 'a"b', 'a\nb', 'é', '', 'x'.repeat(129), `sha256:${'0'.repeat(64)}`])(
    'is named by its digest where it is %j',
    (subject) => {
      expect(subjectPrincipal(subject)).toMatch(/^oidc:sha256:[0-9a-f]{64}$/);
    },
  );
});
