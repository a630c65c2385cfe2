import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Account } from '../../registry/access/account.js';
import { createIdentityProvider } from '../../registry/access/identity-provider.js';
import { createOidcLogin } from '../../registry/access/oidc-login.js';
import type { RoleMapping } from '../../registry/access/oidc-claims.js';
import { addServer } from '../../registry/catalog/catalog.js';
import { NO_AUTH } from '../../registry/catalog/server-auth.js';
import { serverInputSchema } from '../../registry/catalog/server.js';
import { createOidcOperations } from '../../registry/operations/access/oidc-operations.js';
import { openBrowser } from '../fixtures/browser.js';
import { startOidcProvider, type OidcProviderFixture } from '../fixtures/oidc-provider.js';
import { createTestRegistry, PASSWORD, WEATHER, type TestRegistry } from './test-registry.js';

const PUBLIC_URL = 'https://gateway.example.com';
const CALLBACK = `${PUBLIC_URL}/api/login/oidc/callback`;
const ROLES: readonly RoleMapping[] = [
  { group: 'mcp-admins', role: 'admin' },
  { group: 'mcp-ops', role: 'operator' },
];
const ADA = {
  sub: 'ada-1',
  preferred_username: 'ada',
  name: 'Ada Lovelace',
  groups: ['mcp-admins', '/team/weather', 'not a group'],
};

let provider: OidcProviderFixture;
beforeAll(async () => {
  provider = await startOidcProvider(PUBLIC_URL);
});
afterAll(() => provider.close());
beforeEach(() => {
  provider.person = ADA;
});

interface Options {
  readonly issuer?: string;
  readonly clientSecret?: string;
  readonly roleMap?: readonly RoleMapping[];
  readonly accounts?: readonly Account[];
}

/** A registry whose people log in at the provider. */
function setUp(options: Options = {}): Promise<TestRegistry> {
  const { issuer = provider.issuer, clientSecret = provider.clientSecret } = options;
  const { roleMap = ROLES, accounts } = options;
  return createTestRegistry(accounts && { accounts }, ({ store, clock, log }) => {
    const mapping = { usernameClaim: 'preferred_username', groupsClaim: 'groups', roleMap };
    const login = createOidcLogin({
      provider: createIdentityProvider({ issuer, clock, log }),
      settings: {
        clientId: provider.clientId,
        clientSecret,
        scopes: 'openid profile email',
        neededClaims: [mapping.usernameClaim, mapping.groupsClaim],
      },
      redirectUri: CALLBACK,
      afterLogOutUri: `${PUBLIC_URL}/ui/login`,
      secretKey: 'a key for tests that nobody else uses',
      clock,
      log,
    });
    const identity = { issuer, login, mapping };
    return {
      oidc: createOidcOperations({ provider: identity, store, publicUrl: PUBLIC_URL, clock, log }),
    };
  });
}

/** The browser on our side. By hand, because the agents of supertest send no Secure cookies. */
function openTab(registry: TestRegistry) {
  const cookies = new Map<string, string>();
  const get = async (url: string, accept = 'application/json') => {
    const answer = await request(registry.app)
      .get(url)
      .set('X-Forwarded-Proto', 'https')
      .set('Accept', accept)
      .set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    for (const line of cookiesOf(answer)) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  return { get, cookies };
}

function cookiesOf(answer: request.Response): string[] {
  return (answer.headers['set-cookie'] ?? []) as unknown as string[];
}

/** Goes to the provider; what it says at the end is not yet sent to the registry. */
async function fetchAnswer(tab: ReturnType<typeof openTab>, returnTo?: string): Promise<string> {
  const query = returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
  const begun = await tab.get(`/api/login/oidc${query}`);
  expect(begun.status).toBe(302);
  const end = await openBrowser().visit(begun.headers.location ?? '', ({ href }) =>
    href.startsWith(CALLBACK),
  );
  return `${end.pathname}${end.search}`;
}

async function logIn(registry: TestRegistry, returnTo?: string) {
  const tab = openTab(registry);
  const answer = await tab.get(await fetchAnswer(tab, returnTo));
  return { tab, answer };
}

const accountsOf = ({ store }: TestRegistry) =>
  store.state().accounts.filter(({ oidc }) => oidc !== undefined);

const ALIEN: Account = {
  username: 'ada',
  roles: ['admin'],
  groups: [],
  disabled: false,
  createdAt: '2026-01-01T00:00:00.000Z',
};

describe('log-in through the identity provider', () => {
  it('gives nobody what an account of the same name has left behind', async () => {
    const registry = await setUp();
    const at = '2026-01-01T00:00:00.000Z';
    const stamp = { by: 'Ada', at, revision: 1 };
    const weather = serverInputSchema.parse({ ...WEATHER, access: 'authenticated' });
    await registry.store.commit(({ catalog }) => ({
      catalog: addServer(catalog, { ...weather, auth: NO_AUTH }, stamp),
    }));
    provider.person = { ...ADA, groups: [] };
    const { tab } = await logIn(registry);
    expect((await tab.get('/api/me')).body).toMatchObject({ username: 'ada-2' });
    expect((await tab.get('/api/servers/weather')).status).toBe(404);
  });

  it('makes an account from the claims and begins a session', async () => {
    const registry = await setUp();
    const { tab, answer } = await logIn(registry, '/ui/servers?tag=a#top');
    expect([answer.status, answer.headers.location]).toEqual([302, '/ui/servers?tag=a#top']);
    expect(accountsOf(registry)).toEqual([
      {
        username: 'ada',
        displayName: 'Ada Lovelace',
        oidc: { issuer: provider.issuer, subject: 'ada-1' },
        roles: ['admin'],
        groups: ['mcp-admins', 'team/weather'],
        disabled: false,
        createdAt: expect.any(String),
      },
    ]);
    const me = await tab.get('/api/me');
    expect(me.body).toMatchObject({ username: 'ada', roles: ['admin'] });
  });

  it('tells where to end the session at the provider', async () => {
    const { tab } = await logIn(await setUp());
    const me = await tab.get('/api/me');
    const url = new URL((me.body as { endSessionUrl: string }).endSessionUrl);
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${PUBLIC_URL}/ui/login`);
    expect(url.searchParams.get('id_token_hint')).toMatch(/^eyJ/);
  });

  it('leaves a hardened cookie for ten minutes, in which nothing can be read, and takes it back', async () => {
    const registry = await setUp();
    const begun = await openTab(registry).get('/api/login/oidc?returnTo=/ui/secret');
    const [cookie = ''] = cookiesOf(begun);
    expect(cookie).toMatch(
      /^mcpgw_oidc=[\w.-]+; Max-Age=600; Path=\/api\/login\/oidc; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(Buffer.from(cookie.split('.')[3] ?? '', 'base64url').toString()).not.toMatch(/secret/);
    const url = new URL(begun.headers.location ?? '');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: CALLBACK,
      scope: 'openid profile email',
      state: expect.any(String),
      nonce: expect.any(String),
    });
    const { answer } = await logIn(registry);
    expect(cookiesOf(answer).join()).toMatch(/mcpgw_oidc=; Max-Age=0/);
  });

  it('finds the same account again and brings roles, groups and name up to date', async () => {
    const registry = await setUp();
    await logIn(registry);
    provider.person = {
      ...ADA,
      preferred_username: 'renamed',
      name: 'Ada L.',
      groups: ['mcp-ops'],
    };
    const { tab } = await logIn(registry);
    expect(accountsOf(registry)).toMatchObject([
      { username: 'ada', displayName: 'Ada L.', roles: ['operator'], groups: ['mcp-ops'] },
    ]);
    expect((await tab.get('/api/me')).body).toMatchObject({ roles: ['operator'] });
    const { revision } = registry.store.state();
    await logIn(registry);
    expect(registry.store.state().revision).toBe(revision);
  });

  it('makes a viewer of who has none of the mapped groups', async () => {
    provider.person = { sub: 'bob-1', preferred_username: 'bob' };
    const registry = await setUp();
    await logIn(registry);
    expect(accountsOf(registry)).toMatchObject([
      { username: 'bob', roles: ['viewer'], groups: [] },
    ]);
  });

  it('leaves roles to administrators where none are mapped', async () => {
    const registry = await setUp({ roleMap: [] });
    await logIn(registry);
    expect(accountsOf(registry)).toMatchObject([{ roles: ['viewer'] }]);
    await registry.store.commit(({ accounts }) => ({
      accounts: accounts.map((account) => ({ ...account, roles: ['developer'] })),
    }));
    await logIn(registry);
    expect(accountsOf(registry)).toMatchObject([{ roles: ['developer'] }]);
  });

  it.each([
    ['a local account', ALIEN],
    ['one of another issuer', { ...ALIEN, oidc: { issuer: 'https://other', subject: 'ada-1' } }],
    ['one with another subject', { ...ALIEN, oidc: { issuer: 'here', subject: 'ada-2' } }],
    ['one whose name differs in case', { ...ALIEN, username: 'Ada' }],
  ])('never leads into %s of the same name', async (_what, alien) => {
    const registry = await setUp({ accounts: [alien] });
    const { tab } = await logIn(registry);
    const { accounts } = registry.store.state();
    expect(accounts[0]).toEqual(alien);
    expect(accounts[1]).toMatchObject({ username: 'ada-2', oidc: { subject: 'ada-1' } });
    expect((await tab.get('/api/me')).body).toMatchObject({ username: 'ada-2' });
  });

  it('is in the audit log with the name of who logged in', async () => {
    const registry = await setUp();
    await logIn(registry);
    const { entries } = await registry.auditLog.query({ filters: {}, limit: 10 });
    expect(entries.find(({ action }) => action === 'session.begin')).toMatchObject({
      actor: { kind: 'user', username: 'ada' },
      outcome: 'ok',
    });
  });

  it.each([
    undefined,
    'https://evil.example.com/',
    '//evil.example.com',
    '/\\evil.example.com',
    '/.//evil.example.com',
    '/\t/evil.example.com',
    'javascript:alert(1)',
    'ui/servers',
  ])('ends at the console instead of %j', async (returnTo) => {
    const { answer } = await logIn(await setUp(), returnTo);
    expect(answer.headers.location).toBe('/ui/');
  });
});

it('does not keep a return path that is too long for a cookie', async () => {
  const { answer } = await logIn(await setUp(), `/${'x'.repeat(2000)}`);
  expect(answer.headers.location).toBe('/ui/');
});

describe('log-in is refused', () => {
  const refusal = async (registry: TestRegistry, url: string, tab = openTab(registry)) => {
    const answer = await tab.get(url);
    expect(answer.body).toMatchObject({ status: answer.status, code: expect.any(String) });
    expect(cookiesOf(answer).join()).not.toContain('mcpgw_session');
    return [answer.status, (answer.body as { code: string }).code];
  };

  it('to a browser that did not begin it', async () => {
    const registry = await setUp();
    const url = await fetchAnswer(openTab(registry));
    expect(await refusal(registry, url)).toEqual([401, 'log-in-failed']);
    const other = openTab(registry);
    await fetchAnswer(other);
    expect(await refusal(registry, url, other)).toEqual([401, 'log-in-failed']);
    expect(accountsOf(registry)).toEqual([]);
  });

  it.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['two states', (url: URL) => url.searchParams.append('state', 'x')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example.com')],
    ['another code', (url: URL) => url.searchParams.set('code', 'x'.repeat(43))],
    ['no code', (url: URL) => url.searchParams.delete('code')],
  ])('with %s', async (_what, change) => {
    const registry = await setUp();
    const tab = openTab(registry);
    const url = new URL(await fetchAnswer(tab), PUBLIC_URL);
    change(url);
    const refused = await refusal(registry, `${url.pathname}${url.search}`, tab);
    expect(refused).toEqual([401, 'log-in-failed']);
  });

  it('with a code that was used already', async () => {
    const registry = await setUp();
    const tab = openTab(registry);
    const url = await fetchAnswer(tab);
    const { cookies } = tab;
    const sealed = cookies.get('mcpgw_oidc') ?? '';
    expect((await tab.get(url)).status).toBe(302);
    const again = openTab(registry);
    again.cookies.set('mcpgw_oidc', sealed);
    expect(await refusal(registry, url, again)).toEqual([401, 'log-in-failed']);
  });

  it('after ten minutes', async () => {
    const registry = await setUp();
    const tab = openTab(registry);
    const url = await fetchAnswer(tab);
    registry.clock.advance(600_000);
    expect(await refusal(registry, url, tab)).toEqual([401, 'log-in-failed']);
  });

  it('when the provider says no, with a page for browsers', async () => {
    provider.person = undefined;
    const registry = await setUp();
    const tab = openTab(registry);
    const page = await tab.get(await fetchAnswer(tab), 'text/html,*/*;q=0.8');
    expect([page.status, page.headers.location]).toEqual([302, '/ui/login?error=log-in-failed']);
    const { entries } = await registry.auditLog.query({ filters: {}, limit: 10 });
    expect(entries[0]).toMatchObject({ action: 'session.refused', outcome: 'log-in-failed' });
  });

  it('when the account is disabled here', async () => {
    const oidc = { issuer: provider.issuer, subject: 'ada-1' };
    const registry = await setUp({ accounts: [{ ...ALIEN, oidc, disabled: true }] });
    const tab = openTab(registry);
    const url = await fetchAnswer(tab);
    expect(await refusal(registry, url, tab)).toEqual([403, 'account-disabled']);
  });

  it('when it would take the last administrator, who stays one', async () => {
    const oidc = { issuer: provider.issuer, subject: 'ada-1' };
    const registry = await setUp({ accounts: [{ ...ALIEN, oidc }] });
    provider.person = { ...ADA, groups: ['mcp-ops'] };
    const tab = openTab(registry);
    expect(await refusal(registry, await fetchAnswer(tab), tab)).toEqual([409, 'last-admin']);
    expect(registry.store.state().accounts).toEqual([{ ...ALIEN, oidc }]);

    const other: Account = { ...ALIEN, username: 'bob', oidc: { ...oidc, subject: 'bob-1' } };
    await registry.store.commit(({ accounts }) => ({ accounts: [...accounts, other] }));
    expect((await logIn(registry)).answer.status).toBe(302);
    expect(accountsOf(registry)[0]).toMatchObject({ username: 'ada', roles: ['operator'] });
  });

  it('when our secret is wrong, and the log says so', async () => {
    const registry = await setUp({ clientSecret: 'wrong' });
    const tab = openTab(registry);
    const url = await fetchAnswer(tab);
    expect(await refusal(registry, url, tab)).toEqual([401, 'log-in-failed']);
    const logged = registry.log.entries.find(({ level }) => level === 'warn');
    expect(logged?.fields).toMatchObject({ remedy: expect.stringContaining('OIDC_CLIENT_SECRET') });
  });

  it('when the provider cannot be reached; passwords go on', async () => {
    const registry = await setUp({ issuer: 'http://127.0.0.1:1' });
    expect(await refusal(registry, '/api/login/oidc')).toEqual([
      503,
      'identity-provider-unavailable',
    ]);
    const page = await openTab(registry).get('/api/login/oidc', 'text/html');
    expect(page.headers.location).toBe('/ui/login?error=identity-provider-unavailable');
    const { app } = registry;
    const answer = await request(app)
      .post('/api/login')
      .send({ username: 'admin', password: PASSWORD });
    expect(answer.status).toBe(200);
  });

  it('when no provider is configured', async () => {
    const registry = await createTestRegistry();
    expect(await refusal(registry, '/api/login/oidc')).toEqual([404, 'route-not-found']);
    expect(await refusal(registry, '/api/login/oidc/callback')).toEqual([404, 'route-not-found']);
    expect((await openTab(registry).get('/api/login/methods')).body).toEqual({ password: true });
  });
});

it('tells everybody how one can log in', async () => {
  const answer = await openTab(await setUp()).get('/api/login/methods');
  const { host } = new URL(provider.issuer);
  expect(answer.body).toEqual({
    password: true,
    oidc: { name: host, url: `${PUBLIC_URL}/api/login/oidc` },
  });
});
