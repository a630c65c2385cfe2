import { describe, expect, it } from '@jest/globals';
import {
  accessOfHolder,
  holderOfToken,
  holderOfUser,
  type AccessHolder,
} from '../../../registry/access/access-holder.js';
import type { Account, TokenRecord } from '../../../registry/access/account.js';
import { explainAccess } from '../../../registry/access/explain-access.js';
import { gateRecordOf } from '../../../registry/access/gate-record.js';
import type { Group } from '../../../registry/access/group.js';
import { accessTo, mayCall } from '../../../registry/access/policy.js';
import { parseServerPath } from '../../../registry/catalog/server-path.js';
import { ACCESS_CASES } from '../../fixtures/policy-cases.js';

const AT = '2026-01-02T03:04:05.000Z';
const NOW = new Date(AT);
const pathOf = (text: string) => {
  const parsed = parseServerPath(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const server = (text: string, more: object = {}) => ({
  path: pathOf(text),
  owner: 'dora',
  access: 'authenticated' as const,
  enabled: true,
  ...more,
});
const group = (name: string, more: Partial<Group>): Group => ({
  name,
  description: '',
  servers: [],
  tools: [],
  denyTools: [],
  createdAt: AT,
  updatedAt: AT,
  ...more,
});
const account = (more: Partial<Account> = {}): Account => ({
  username: 'ada',
  roles: [],
  groups: [],
  disabled: false,
  createdAt: AT,
  ...more,
});
const token = (more: Partial<TokenRecord> = {}): TokenRecord => ({
  id: 't',
  name: 'agent',
  sha256: '0'.repeat(64),
  owner: 'ada',
  scopes: [],
  groups: [],
  createdAt: AT,
  ...more,
});
const having = (...groups: string[]): AccessHolder => ({ kind: 'groups', groups });

const GROUPS = [
  group('rain', { servers: ['/weather'], tools: ['rain*'], denyTools: ['rain_delete'] }),
  group('team', { servers: ['/team/*', '/weather'], tools: ['*'] }),
  group('empty', { servers: ['*'] }),
];

describe('an explanation', () => {
  it.each(ACCESS_CASES)(
    'decides as the gate does: $name',
    ({ rules, server: at, tool, expected }) => {
      const groups = rules.map(({ servers, tools, deny }, index) =>
        group(`g${index}`, {
          servers: [...servers],
          tools: [...tools],
          denyTools: [...deny],
        }),
      );
      const holder = having(...groups.map(({ name }) => name));
      expect(explainAccess(server(at), holder, groups, tool).allowed).toBe(expected);
    },
  );

  it('names the pattern that allows a tool', () => {
    expect(explainAccess(server('/weather'), having('rain'), GROUPS, 'rain_today')).toEqual({
      allowed: true,
      access: 'some',
      reason: 'Allowed: "rain*" of the group rain gives the tool "rain_today".',
      rules: [
        { group: 'rain', effect: 'allow', pattern: '/weather', matches: 'server' },
        { group: 'rain', effect: 'allow', pattern: 'rain*', matches: 'tool' },
      ],
    });
  });

  it('names the pattern that denies it, whoever allows it', () => {
    const told = explainAccess(server('/weather'), having('rain', 'team'), GROUPS, 'rain_delete');
    expect(told).toMatchObject({
      allowed: false,
      access: 'some',
      reason: 'Not allowed: "rain_delete" of the group rain denies the tool "rain_delete".',
    });
    expect(told.rules).toContainEqual({
      group: 'rain',
      effect: 'deny',
      pattern: 'rain_delete',
      matches: 'tool',
    });
  });

  it.each<[string, AccessHolder, string | undefined, object]>([
    [
      'nobody',
      having(),
      undefined,
      {
        access: 'none',
        reason: 'Not allowed: there are no groups, and nothing is allowed without one.',
      },
    ],
    [
      'a group that does not name it',
      having('other'),
      undefined,
      {
        access: 'none',
        reason: 'Not allowed: none of the groups other names /weather. There is no group other.',
      },
    ],
    [
      'a group without tools',
      having('empty'),
      undefined,
      {
        access: 'none',
        reason: 'Not allowed: the groups that name /weather (empty) do not give any tool of it.',
      },
    ],
    [
      'a tool that is not given',
      having('rain'),
      'snow',
      {
        access: 'some',
        reason: 'Not allowed: the groups that name /weather (rain) do not give the tool "snow".',
      },
    ],
    [
      'a group with all tools',
      having('team'),
      undefined,
      { access: 'all', reason: 'Allowed: tools of /weather are given by the groups team.' },
    ],
  ])('tells of %s', (_, holder, tool, expected) => {
    expect(explainAccess(server('/weather'), holder, GROUPS, tool)).toMatchObject(expected);
  });

  it('says that a public server asks nobody, and that a disabled one answers nobody', () => {
    const open = server('/weather', { access: 'public', enabled: false });
    expect(explainAccess(open, having(), GROUPS, 'snow')).toEqual({
      allowed: true,
      access: 'public',
      reason: expect.stringMatching(/public.*disabled at present/),
      rules: [],
    });
  });
});

describe('who holds a token', () => {
  const tokens = [
    token({ groups: ['rain'] }),
    token({ groups: ['rain', 'team'] }),
    token({ scopes: ['admin'] }),
    token({ server: '/weather' }),
    token({ server: '/team/x', groups: ['team'] }),
    token({ scopes: ['write'], groups: ['team'] }),
  ];
  const owners = [
    account({ groups: ['rain'] }),
    account({ groups: ['rain', 'team'], disabled: true }),
    account({ roles: ['admin'] }),
    undefined,
  ];

  it('is given what the gate record of the token gives', () => {
    for (const each of tokens) {
      for (const owner of owners) {
        for (const at of ['/weather', '/team/x']) {
          const record = gateRecordOf(each, owner, GROUPS, 'key');
          const reaches = record?.server === undefined || record.server === at;
          const given = accessTo(at, reaches ? (record?.rules ?? []) : []);
          const holder = holderOfToken(each, owner, server(at), NOW);
          const told = accessOfHolder(holder, server(at), GROUPS);
          for (const tool of ['rain_today', 'rain_delete', 'snow']) {
            expect(mayCall(told, tool)).toBe(mayCall(given, tool));
          }
        }
      }
    }
  });

  it('is told why a token is worth nothing', () => {
    const why = (each: TokenRecord, owner: Account | undefined) =>
      explainAccess(server('/weather'), holderOfToken(each, owner, server('/weather'), NOW), [])
        .reason;
    expect(why(token({ expiresAt: AT }), account())).toContain('has expired');
    expect(why(token(), undefined)).toContain('is gone');
    expect(why(token(), account({ disabled: true }))).toContain('is disabled');
    expect(why(token({ server: '/team/x' }), account())).toContain('for /team/x alone');
  });
});

describe('what a person may use', () => {
  it.each<[Account, string]>([
    [account({ roles: ['admin'] }), 'all'],
    [account({ username: 'dora', roles: ['developer'] }), 'all'],
    [account({ username: 'dora', roles: ['viewer'] }), 'none'],
    [account({ roles: ['operator'] }), 'none'],
    [account({ groups: ['rain'] }), 'some'],
    [account({ roles: ['admin'], disabled: true }), 'none'],
  ])('follows from role, ownership and groups: %j', (of, expected) => {
    const at = server('/weather');
    expect(accessOfHolder(holderOfUser(of, at), at, GROUPS).kind).toBe(expected);
  });
});
