import { describe, expect, it } from '@jest/globals';
import type { Account, TokenRecord } from '../../../registry/access/account.js';
import type { Group } from '../../../registry/access/group.js';
import {
  ROLES,
  SCOPES,
  type Permission,
  type Visibility,
} from '../../../registry/access/principal.js';
import { mayCall } from '../../../registry/access/policy.js';
import { permissionsOfRoles, permissionsOfToken } from '../../../registry/access/roles.js';
import {
  EVERYTHING,
  seesInvalid,
  STRANGER,
  viewThrough,
  visibilityOfAccount,
  visibilityOfToken,
  type OwnedServer,
} from '../../../registry/access/visibility.js';
import type { ServerPath } from '../../../registry/catalog/server-path.js';

const AT = '2026-01-02T03:04:05.000Z';
const server = (path: string, rest: Partial<OwnedServer> = {}): OwnedServer => ({
  path: path as ServerPath,
  owner: 'somebody',
  access: 'authenticated',
  ...rest,
});
const SERVERS = [
  server('/open', { access: 'public' }),
  server('/mine', { owner: 'me' }),
  server('/given'),
  server('/other'),
];
const group = (
  name: string,
  servers: string[],
  tools: string[],
  denyTools: string[] = [],
): Group => ({
  name,
  description: '',
  servers,
  tools,
  denyTools,
  createdAt: AT,
  updatedAt: AT,
});
const GROUPS = [
  group('given', ['/given'], ['*']),
  group('some', ['/given'], ['get_*', 'put_*'], ['put_*']),
  group('nothing', ['/given'], []),
  group('all', ['*'], ['*']),
  group('denied', ['/given'], [], ['*']),
];

/** What is seen, in the words of this test: paths, with "(some)" where tools are missing. */
function seen(visibility: Visibility): string[] {
  const view = viewThrough(visibility, GROUPS);
  return SERVERS.flatMap((each) => {
    const { kind } = view(each);
    return kind === 'none' ? [] : [kind === 'some' ? `${each.path} (some)` : each.path];
  });
}

type Owner = Pick<Account, 'username' | 'roles' | 'groups'>;
const me = (role: Account['roles'][number], ...groups: string[]): Owner => ({
  username: 'me',
  roles: [role],
  groups,
});
const EVERY = SERVERS.map(({ path }) => path as string);

describe('a person', () => {
  it.each<[string, Owner, string[]]>([
    ['an administrator', me('admin'), EVERY],
    ['an operator', me('operator'), EVERY],
    ['a developer', me('developer'), ['/open', '/mine']],
    ['a viewer', me('viewer'), ['/open', '/mine']],
    ['nobody by roles', { ...me('viewer'), roles: [] }, ['/open', '/mine']],
    ['a viewer with a group', me('viewer', 'given'), ['/open', '/mine', '/given']],
    ['one with a group of some tools', me('viewer', 'some'), ['/open', '/mine', '/given (some)']],
    ['one with a group without tools', me('viewer', 'nothing'), ['/open', '/mine']],
    ['one with a group that there is not', me('viewer', 'gone'), ['/open', '/mine']],
    [
      'one to whom all tools are denied',
      me('viewer', 'all', 'denied'),
      ['/open', '/mine', '/other'],
    ],
    ['one with a group of every server', me('developer', 'all'), EVERY],
    ['an operator to whom a group denies', me('operator', 'denied'), EVERY],
  ])('who is %s sees it so', (_who, owner, expected) => {
    expect(seen(visibilityOfAccount(owner))).toEqual(expected);
  });

  it('who is not known sees what is public', () => {
    expect(seen(STRANGER)).toEqual(['/open']);
  });
});

type Limits = Pick<TokenRecord, 'groups' | 'scopes' | 'server'>;
const token = (rest: Partial<Limits>): Limits => ({ scopes: ['read'], groups: [], ...rest });

describe('a token', () => {
  it.each<[string, Limits, Owner, string[]]>([
    ['of an operator reads as they do', token({}), me('operator'), EVERY],
    [
      'of a viewer reads as they do',
      token({}),
      me('viewer', 'given'),
      ['/open', '/mine', '/given'],
    ],
    ['of an administrator reads as they do', token({}), me('admin'), EVERY],
    ['with groups is held to them', token({ groups: ['given'] }), me('admin'), ['/open', '/given']],
    [
      'with groups that its owner has not is worth none',
      token({ groups: ['all'] }),
      me('viewer', 'given'),
      ['/open'],
    ],
    [
      'with groups that its owner lost does not see as they do',
      token({ groups: ['given'] }),
      me('operator'),
      ['/open'],
    ],
    [
      'with groups sees what it may change',
      token({ groups: ['given'], scopes: ['write'] }),
      me('developer', 'given'),
      ['/open', '/mine', '/given'],
    ],
    [
      'with groups, scope write and an owner who changes nothing sees no more for it',
      token({ groups: ['given'], scopes: ['write'] }),
      me('viewer', 'given'),
      ['/open', '/given'],
    ],
    [
      'with groups and scope admin is not held to them',
      token({ groups: ['given'], scopes: ['admin'] }),
      me('admin'),
      EVERY,
    ],
    [
      'with scope admin of somebody who is no administrator any more sees as they do',
      token({ scopes: ['admin'] }),
      me('viewer', 'given'),
      ['/open', '/mine', '/given'],
    ],
    [
      'for the gateway alone sees what its groups give',
      token({ scopes: [], groups: ['some'] }),
      me('operator', 'some'),
      ['/open', '/given (some)'],
    ],
    ['for nothing sees what is public', token({ scopes: [] }), me('operator', 'all'), ['/open']],
    [
      'of an administrator for one server sees it',
      token({ scopes: [], server: '/other' }),
      me('admin'),
      ['/other'],
    ],
    [
      'for one server sees no public one beside it',
      token({ scopes: ['admin'], server: '/given' }),
      me('admin'),
      ['/given'],
    ],
    [
      'for one server sees it only when its owner does',
      token({ server: '/other' }),
      me('viewer', 'given'),
      [],
    ],
    [
      'for one server has the groups count',
      token({ scopes: [], groups: ['some', 'all'], server: '/given' }),
      me('viewer', 'some'),
      ['/given (some)'],
    ],
  ])('%s', (_sentence, limits, owner, expected) => {
    expect(seen(visibilityOfToken(limits, owner))).toEqual(expected);
  });

  const everyToken = SCOPES.flatMap((scope) =>
    [[], ['given'], ['all', 'some']].flatMap((groups) =>
      [undefined, '/given', '/other'].flatMap((only) =>
        [[], [scope]].map((scopes) => token({ scopes, groups, ...(only && { server: only }) })),
      ),
    ),
  );
  const everyOwner = ROLES.flatMap((role) => [me(role), me(role, 'given'), me(role, 'all')]);

  it('never sees more than its owner', () => {
    const tools = ['get_a', 'put_a', 'other'];
    for (const owner of everyOwner) {
      const theirs = viewThrough(visibilityOfAccount(owner), GROUPS);
      for (const limits of everyToken) {
        const view = viewThrough(visibilityOfToken(limits, owner), GROUPS);
        const more = SERVERS.flatMap((each) =>
          tools.filter((tool) => mayCall(view(each), tool) && !mayCall(theirs(each), tool)),
        );
        expect([owner, limits, more]).toEqual([owner, limits, []]);
      }
    }
  });

  it('sees every server where its permissions tell of every server', () => {
    const telling: readonly Permission[] = [
      'servers:read-any',
      'gateway:read',
      'groups:read',
      'groups:manage',
      'tokens:manage',
      'users:manage',
      'audit:read',
      'usage:read',
      'metrics:read',
    ];
    const tells = (permissions: ReadonlySet<Permission>) =>
      telling.some((permission) => permissions.has(permission));
    const accounts = everyOwner
      .filter(({ roles }) => tells(permissionsOfRoles(roles)))
      .map((owner) => ({ owner, visibility: visibilityOfAccount(owner) }));
    const tokens = everyOwner.flatMap((owner) =>
      everyToken
        .filter((limits) => tells(permissionsOfToken(owner.roles, limits)))
        .map((limits) => ({ owner, limits, visibility: visibilityOfToken(limits, owner) })),
    );
    expect([accounts.length, tokens.length > 20]).toEqual([6, true]);
    for (const each of [...accounts, ...tokens]) {
      expect([each, seen(each.visibility)]).toEqual([each, EVERY]);
    }
  });
});

describe('a record that cannot be read', () => {
  it.each<[string, Visibility, boolean]>([
    ['by who sees everything', EVERYTHING, true],
    ['by no stranger', STRANGER, false],
    ['by no owner', { all: false, owner: 'me', groups: ['all'] }, false],
    ['by a token for this path', { all: true, groups: [], server: '/broken' }, true],
    ['by no token for another', { all: true, groups: [], server: '/given' }, false],
  ])('is seen %s', (_who, visibility, expected) => {
    expect(seesInvalid(visibility, '/broken')).toBe(expected);
  });
});
