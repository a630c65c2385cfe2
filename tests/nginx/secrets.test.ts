import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBrowser } from '../fixtures/browser.js';
import { eventually } from '../fixtures/eventually.js';
import { freePort } from '../fixtures/free-port.js';
import { startIndiscreetServer, type IndiscreetServer } from '../fixtures/indiscreet-server.js';
import { startOidcProvider, type OidcProviderFixture } from '../fixtures/oidc-provider.js';
import { rawRequest } from '../fixtures/raw-http.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';
import {
  createSecretSearch,
  filesBelow,
  processTexts,
  processTree,
} from '../fixtures/secret-search.js';
import { grant, startTokenEndpoint, type TokenEndpoint } from '../fixtures/token-endpoint.js';

/** Everything that must not be seen. */
const secrets = createSecretSearch();
function secret(name: string): string {
  const value = `canary${randomBytes(9).toString('hex')}`;
  secrets.add(name, value);
  return value;
}

/** All that the API ever answered, but for the fields that are there to tell a secret once. */
const answers: { readonly from: string; readonly text: string }[] = [];

let gateDir: string;
let registry: RegistryProcess;
let upstream: IndiscreetServer;
let provider: OidcProviderFixture;
let tokenEndpoint: TokenEndpoint;

const TOKEN_SHAPE = /mcpgw_[0-9A-Za-z]{20}|eyJ[\w-]+\.eyJ/;

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Fields of the answer that may tell a secret. */
  readonly tells?: readonly string[];
}

/** Asks the API through the gateway and keeps the answer. */
async function api(at: string, sent: Sent = {}) {
  const { method = 'GET', headers = {}, body, tells = [] } = sent;
  const operator = readFileSync(path.join(registry.dataDir, 'operator-token'), 'utf8').trim();
  const answer = await fetch(`${registry.url}${at}`, {
    method,
    redirect: 'manual',
    headers: {
      // A reload may close a connection that is kept.
      connection: 'close',
      authorization: `Bearer ${operator}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  const json = (isJson ? JSON.parse(text) : {}) as Record<string, string>;
  const kept = isJson ? JSON.stringify({ ...json, ...blank(tells) }) : text;
  const cookies = answer.headers.getSetCookie();
  const shown = [...answer.headers].filter(([name]) => name !== 'set-cookie');
  answers.push({ from: `${method} ${at}`, text: `${JSON.stringify(shown)} ${kept}` });
  return { status: answer.status, json, cookies };
}

const blank = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, undefined]));

const post = (at: string, body: unknown, more: Sent = {}) =>
  api(at, { method: 'POST', body, ...more });

/** A call at the gateway, whose answer is the server's own and no matter of ours. */
const call = (at: string, headers: Readonly<Record<string, string>>) =>
  rawRequest(`${registry.url}${at}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  });

const serverAt = (server: string, manner: string, auth: object, more: object = {}) => ({
  name: server,
  path: server,
  url: `${upstream.url}/${manner}/mcp`,
  transport: 'streamable-http',
  enabled: true,
  auth,
  ...more,
});

const authOf = (name: string) => ({
  bearer: { type: 'bearer', token: secret(`bearer of ${name}`) },
  basic: { type: 'basic', username: 'jane', password: secret(`basic password of ${name}`) },
  headers: { type: 'headers', headers: [{ name: 'X-Key', value: secret(`header of ${name}`) }] },
  oauth: {
    type: 'oauth-client-credentials',
    tokenUrl: tokenEndpoint.url,
    clientId: 'me',
    clientSecret: secret(`client secret of ${name}`),
    method: 'post',
  },
});

const SERVERS: string[] = [];

async function registerServers(): Promise<void> {
  for (const manner of ['ok', 'unauthorized', 'broken', 'refusing', 'redirecting']) {
    for (const [type, auth] of Object.entries(authOf(manner))) {
      const server = `/${manner}-${type}`;
      SERVERS.push(server);
      expect((await post('/api/servers', serverAt(server, manner, auth))).status).toBe(201);
    }
  }
  const noToken = {
    ...authOf('no token').oauth,
    tokenUrl: `${upstream.url}/no-token`,
  };
  SERVERS.push('/no-token', '/nobody', '/passed-on');
  const passOn = { type: 'pass-through', from: 'X-Client-Key' };
  await post('/api/servers', serverAt('/passed-on', 'broken', passOn));
  await post('/api/servers', serverAt('/no-token', 'ok', noToken));
  await post('/api/servers', {
    ...serverAt('/nobody', 'ok', authOf('nobody').basic),
    url: `http://127.0.0.1:${await freePort()}/mcp`,
  });
  for (const server of SERVERS) await post(`/api/servers${server}/refresh`, undefined);
}

/** What people mistype: secrets in fields that are not accepted, or not made for them. */
async function makeMistakes(): Promise<void> {
  const mistaken = secret('mistyped credential');
  const { bearer } = authOf('a change');
  for (const auth of [
    { type: 'bearer', token: `${mistaken} with blanks` },
    { type: 'bearer', password: mistaken },
    { type: 'basic', username: 'a:b', password: `${mistaken}\n` },
    { type: 'headers', headers: [{ name: 'X-Key', value: ` ${mistaken}` }] },
    { type: 'headers', headers: [{ name: 'Cookie', value: mistaken }] },
    { type: mistaken },
    mistaken,
  ]) {
    expect((await post('/api/servers', serverAt('/bad', 'ok', auth as object))).status).toBe(422);
    expect((await api('/api/servers/ok-bearer', { method: 'PATCH', body: { auth } })).status).toBe(
      422,
    );
  }
  expect((await post('/api/servers', `{"auth": "${mistaken}", `)).status).toBe(400);
  await post('/api/gateway/preview', serverAt('/preview', 'ok', bearer));
  expect(
    (await api('/api/servers/ok-basic', { method: 'PATCH', body: { auth: bearer } })).status,
  ).toBe(200);
  await api('/api/servers/ok-headers', { method: 'PATCH', body: { description: 'changed' } });
}

async function comeAndGo(adminPassword: string): Promise<void> {
  const wrong = secret('wrong password');
  const typed = secret('password typed as name');
  for (const credentials of [
    { username: 'admin', password: wrong },
    { username: typed, password: 'whatever it may be' },
  ]) {
    expect((await post('/api/login', credentials, { headers: noToken })).status).toBe(401);
  }
  await post('/api/login', { username: 'admin', passwort: wrong }, { headers: noToken });

  const [first, second] = [secret('password of a user'), secret('new password of a user')];
  const uma = { username: 'uma', password: first, roles: ['developer'], groups: ['all'] };
  expect((await post('/api/users', uma)).status).toBe(201);
  const login = await post(
    '/api/login',
    { username: 'uma', password: first },
    { headers: noToken, tells: ['csrfToken'] },
  );
  expect(login.status).toBe(200);
  const cookie = login.cookies[0]?.split(';')[0] ?? '';
  secrets.add('session cookie', /^[^=]+=(?:s%3A)?([^.;]+)/.exec(cookie)?.[1]);
  secrets.add('CSRF token', login.json.csrfToken);
  const session = { ...noToken, cookie, 'x-csrf-token': login.json.csrfToken ?? '' };
  await api('/api/me', { headers: session, tells: ['csrfToken'] });
  await api('/api/me/sessions', { headers: session });
  const made = await post(
    '/api/tokens',
    { name: 'of uma', groups: ['all'] },
    { headers: session, tells: ['token'] },
  );
  secrets.add('token of a user', made.json.token);
  // What a browser has goes along to every address of the gateway.
  await call('/ok-bearer/mcp', { ...session, authorization: `Bearer ${made.json.token ?? ''}` });
  const change = { currentPassword: first, newPassword: second };
  const changed = await post('/api/me/password', change, {
    headers: session,
    tells: ['csrfToken'],
  });
  expect(changed.status).toBe(200);
  secrets.add('CSRF token after the change', changed.json.csrfToken);
  const admin = await post(
    '/api/login',
    { username: 'admin', password: adminPassword },
    { headers: noToken, tells: ['csrfToken'] },
  );
  expect(admin.status).toBe(200);
}

/** Instead of the operator's token. */
const noToken = { authorization: '' };

async function logInAtProvider(): Promise<void> {
  provider.person = { sub: 'ada-1', preferred_username: 'ada', name: 'Ada', groups: ['all'] };
  const browser = openBrowser();
  const isCallback = ({ pathname }: URL) => pathname === '/api/login/oidc/callback';
  const callback = await browser.visit(`${registry.url}/api/login/oidc`, isCallback);
  secrets.add('authorization code', callback.searchParams.get('code') ?? undefined);
  secrets.add('state of a log-in', callback.searchParams.get('state') ?? undefined);
  await browser.visit(callback.href, ({ pathname }) => pathname.startsWith('/ui'));
  await rawRequest(`${registry.url}/api/login/oidc/callback?code=${secret('forged code')}&state=x`);
}

async function callServers(): Promise<void> {
  const issued = await post('/api/tokens', { name: 'all', groups: ['all'] }, { tells: ['token'] });
  secrets.add('token', issued.json.token);
  const narrow = { name: 'narrow', groups: ['some'], scopes: ['write'] };
  const limited = await post('/api/tokens', narrow, { tells: ['token'] });
  secrets.add('token with limited tools', limited.json.token);
  const jwt = await provider.accessToken(`${registry.url}/ok-bearer/mcp`, { groups: ['all'] });
  secrets.add('JWT', jwt.split('.')[1]);
  secrets.add('signature of a JWT', jwt.split('.')[2]);
  const tokens = [issued.json.token, limited.json.token, jwt, `${jwt}x`];
  const query = secret('query string');
  const clientKey = secret('header of a client');
  const unknown = [secret('unknown token'), `a.${secret('unknown JWT')}.c`];
  for (const token of [...tokens, ...unknown]) {
    for (const server of SERVERS) {
      await call(`${server}/mcp?api_key=${query}`, {
        authorization: `Bearer ${token ?? ''}`,
        'x-client-key': clientKey,
      });
    }
  }
  await call('/ok-bearer/mcp', { authorization: `Basic ${secret('Basic credentials')}` });
  await call(`/ok-bearer/mcp?access_token=${issued.json.token ?? ''}`, {});
  await call('/unknown/mcp', { authorization: `Bearer ${issued.json.token ?? ''}` });
  await rawRequest(registry.url, { path: `/a b?token=${secret('malformed request')}` }).catch(
    () => undefined,
  );
  const run = { arguments: { text: 'hello' } };
  for (const headers of [{}, { authorization: `Bearer ${limited.json.token ?? ''}` }]) {
    await post('/api/servers/ok-bearer/tools/echo/call', run, { headers });
    await post('/api/servers/nobody/tools/echo/call', run, { headers });
  }
  await api(`/api/tokens/${issued.json.id ?? ''}`, { method: 'DELETE' });
  await call('/ok-bearer/mcp', { authorization: `Bearer ${issued.json.token ?? ''}` });
}

/** Everything that can be read through the API, by its own document. */
async function readEverything(): Promise<void> {
  const { json } = await api('/api/openapi.json');
  const { paths } = json as unknown as { readonly paths: Record<string, Record<string, unknown>> };
  const readable = Object.keys(paths).filter((at) => paths[at]?.get !== undefined);
  for (const at of readable) {
    const filled = at.replace('{group}', 'all').replace('{username}', 'uma');
    const each = filled.includes('{path}') ? SERVERS : [''];
    for (const server of each) {
      await api(filled.replace('/{path}', server).replace(/\{\w+\}/, 'none'), {
        tells: ['csrfToken'],
      });
    }
  }
  await api('/api/servers?limit=100');
  await api('/api/tools?limit=100');
  await api('/api/audit?limit=200');
}

beforeAll(async () => {
  gateDir = mkdtempSync(path.join(tmpdir(), 'gate-'));
  const adminPassword = secret('ADMIN_PASSWORD');
  [upstream, tokenEndpoint] = await Promise.all([startIndiscreetServer(), startTokenEndpoint()]);
  const granted = secret('access token of the upstream');
  tokenEndpoint.answer = () => grant(granted, 3600);
  registry = await createRegistryProcess({
    GATE_DIR: gateDir,
    LOG_LEVEL: 'debug',
    LOG_FORMAT: 'json',
    ADMIN_PASSWORD: adminPassword,
    SECRET_KEY: secret('SECRET_KEY').padEnd(40, 'x'),
  });
  provider = await startOidcProvider(registry.url);
  secrets.add('OIDC_CLIENT_SECRET', provider.clientSecret);
  await registry.start({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  });
  secrets.add(
    'operator token',
    readFileSync(path.join(registry.dataDir, 'operator-token'), 'utf8').trim(),
  );
  secrets.add('key of the gate', readFileSync(path.join(gateDir, 'key'), 'utf8').trim());
  await post('/api/groups', { name: 'all', servers: ['*'], tools: ['*'] });
  await post('/api/groups', { name: 'some', servers: ['*'], tools: ['echo'] });
  await registerServers();
  await makeMistakes();
  await comeAndGo(adminPassword);
  await logInAtProvider();
  await callServers();
  await readEverything();
  // The access log is written in blocks.
  await eventually(
    () => readFileSync(path.join(registry.dataDir, 'nginx/logs/access.log'), 'utf8'),
    (log) => log.includes('/api/audit'),
  );
});

afterAll(async () => {
  await registry.close();
  await Promise.all([upstream.close(), provider.close(), tokenEndpoint.close()]);
  rmSync(gateDir, { recursive: true, force: true });
});

describe('no secret is found', () => {
  it('in what the registry prints at the level debug', () => {
    expect(registry.output()).toContain('"level":"debug"');
    expect(secrets.namesIn(registry.output())).toEqual([]);
    // Those that the registry makes for single calls are known to nobody else.
    expect(registry.output()).not.toMatch(TOKEN_SHAPE);
  });

  it('in any answer of the API', () => {
    expect(answers.length).toBeGreaterThan(100);
    const found = answers.flatMap(({ from, text }) =>
      secrets.namesIn(text).map((name) => `${name} in ${from}`),
    );
    expect(found).toEqual([]);
  });

  it('in command lines, and in the environment of nginx', () => {
    expect(secrets.namesIn(processTexts())).toEqual([]);
    const nginx = processTree(registry.nginxPid());
    expect(nginx.length).toBeGreaterThan(1);
    expect(secrets.namesIn(processTexts(nginx))).toEqual([]);
  });

  it('at an upstream that is not meant for it', () => {
    const allowed = /^(?:bearer|basic password|header|client secret) of |^access token of|^query/;
    const heard = secrets.namesIn(upstream.heard()).filter((name) => !allowed.test(name));
    expect(heard).toEqual([]);
    const homes = { 'a change': 'ok', 'no token': 'no-token' } as Readonly<Record<string, string>>;
    const misled = upstream
      .heard()
      .split('\n')
      .flatMap((line) => {
        const [, manner = ''] = /^\S+ \/([\w-]+)/.exec(line) ?? [];
        const owners = secrets
          .namesIn(line)
          .flatMap((name) => (/ of (?!the |a client)(.+)$/.exec(name) ?? []).slice(1));
        return owners.filter((owner) => (homes[owner] ?? owner) !== manner);
      });
    expect(misled).toEqual([]);
  });
});

/** Where a secret has to be, and by whom it may be read there. */
const PLACES: readonly (readonly [file: RegExp, secrets: RegExp])[] = [
  [/^operator-token$/, /^operator token$/],
  [/^sessions\.json$/, /^CSRF token/],
];
const GATE_PLACES: readonly (readonly [file: RegExp, secrets: RegExp])[] = [
  [/^key$/, /^key of the gate$/],
  [/^upstream\/[0-9a-f]{32}$/, /^(?:bearer|basic password|header) of |^access token of/],
];

function strays(folder: string, places: typeof PLACES): string[] {
  return filesBelow(folder).flatMap(({ name, text, mode }) =>
    secrets
      .namesIn(text)
      .filter((found) => {
        const isPlace = places.some(([file, what]) => file.test(name) && what.test(found));
        return !isPlace || (mode & 0o007) !== 0;
      })
      .map((found) => `${found} in ${name} (${mode.toString(8)})`),
  );
}

describe('in files, a secret is found', () => {
  it('at its one place, which nobody else may read: data directory, logs of nginx and generated files', () => {
    const names = filesBelow(registry.dataDir).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['registry.json', 'sessions.json', 'nginx/logs/access.log']),
    );
    expect(names.filter((name) => name.endsWith('site.conf'))).not.toEqual([]);
    expect(names.filter((name) => name.startsWith('audit/'))).not.toEqual([]);
    expect(strays(registry.dataDir, PLACES)).toEqual([]);
    // Sessions keep the ID token with which they are ended at the provider.
    const stores = ['operator-token', 'sessions.json'];
    const others = filesBelow(registry.dataDir).filter(({ name }) => !stores.includes(name));
    const holding = others.filter(({ text }) => TOKEN_SHAPE.test(text)).map(({ name }) => name);
    expect(holding).toEqual([]);
  });

  it('at its one place in the gate directory, which only nginx may read besides', () => {
    expect(strays(gateDir, GATE_PLACES)).toEqual([]);
    const expected = [
      ['operator token', registry.dataDir, /^operator-token$/],
      ['key of the gate', gateDir, /^key$/],
      ['bearer of ok', gateDir, /^upstream\//],
      ['header of ok', gateDir, /^upstream\//],
      ['access token of the upstream', gateDir, /^upstream\//],
    ] as const;
    for (const [name, folder, place] of expected) {
      const found = filesBelow(folder).filter(({ text }) => secrets.namesIn(text).includes(name));
      expect(found.map((file) => place.test(file.name))).toEqual(expect.arrayContaining([true]));
    }
    const modes = new Set(filesBelow(gateDir).map(({ mode }) => mode));
    expect([0o600, 0o640]).toEqual(expect.arrayContaining([...modes]));
  });
});
