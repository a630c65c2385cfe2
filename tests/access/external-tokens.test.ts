import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportSPKI, importJWK, SignJWT } from 'jose';
import type { Account } from '../../registry/access/account.js';
import { createExternalTokens } from '../../registry/access/external-tokens.js';
import { sessionBinding } from '../../registry/access/gate-record.js';
import type { Group } from '../../registry/access/group.js';
import { createIdentityProvider } from '../../registry/access/identity-provider.js';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.js';
import { createMemoryStore, type MemoryStore } from '../fakes/memory-store.js';
import { createRecordingLog } from '../fakes/recording-log.js';
import { startJwksIssuer, type JwksIssuer } from '../fixtures/jwks-issuer.js';
import { startOidcProvider } from '../fixtures/oidc-provider.js';

const PUBLIC_URL = 'https://gateway.example.com';
const SECRET_KEY = 'a key for tests that nobody else uses';
const AUDIENCE = `${PUBLIC_URL}/weather/mcp`;
const INVALID = { refused: 'invalid' };
const UNAVAILABLE = { refused: 'unavailable' };

const group = (name: string, tools: string[]): Group => ({
  name,
  description: '',
  servers: ['/weather'],
  tools,
  denyTools: ['drop'],
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
});
const GROUPS = [group('readers', ['get_*']), group('mcp-admins', ['*'])];

let issuer: JwksIssuer;
let clock: FakeClock;
let store: MemoryStore;
beforeEach(async () => {
  issuer = await startJwksIssuer();
  clock = createFakeClock();
  store = createMemoryStore({ groups: GROUPS });
});
afterEach(() => issuer.close());

function createTokens(url = issuer.url, at: () => Date = clock) {
  return createExternalTokens({
    provider: createIdentityProvider({ issuer: url, clock: at, log: createRecordingLog() }),
    groupsClaim: 'groups',
    publicUrl: PUBLIC_URL,
    store,
    secretKey: SECRET_KEY,
    clock: at,
    keysCooldownMs: 0,
  });
}

const now = () => Math.floor(clock().getTime() / 1000);
const claims = (more: Readonly<Record<string, unknown>> = {}) => ({
  sub: 'agent|7',
  aud: AUDIENCE,
  exp: now() + 300,
  iat: now(),
  groups: ['readers', 'unknown', 7],
  ...more,
});

const admitted = (more: object = {}) => ({
  principal: 'oidc:agent|7',
  expires: now() + 300,
  server: '/weather',
  session: sessionBinding(SECRET_KEY, 'oidc:agent|7'),
  rules: [{ servers: ['/weather'], tools: ['get_*'], deny: ['drop'] }],
  ...more,
});

describe('a token of the identity provider', () => {
  it('admits its holder to the server that it is for, with the rules of its groups', async () => {
    const found = await createTokens().verify(await issuer.sign(claims()), '/weather');
    expect(found).toEqual(admitted());
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('may be signed with %s', async (alg) => {
    await issuer.rotate('key', alg);
    const found = await createTokens().verify(await issuer.sign(claims()), '/weather');
    expect(found).toEqual(admitted());
  });

  it.each([
    ['several audiences', { aud: ['account', AUDIENCE] }, {}, {}],
    [
      'audiences of several servers here',
      { aud: [AUDIENCE, `${PUBLIC_URL}/team/time/mcp`] },
      {},
      { server: ['/weather', '/team/time'] },
    ],
    ['no group', { groups: undefined }, {}, { rules: [] }],
    ['type JWT', {}, { typ: 'JWT' }, {}],
    ['the long type', {}, { typ: 'application/at+jwt' }, {}],
    ['no type', {}, { typ: undefined }, {}],
    ['a beginning within the leeway', { nbf: 60, iat: 60 }, {}, {}],
  ])('may have %s', async (_what, more, header, expected) => {
    const times = Object.fromEntries(
      Object.entries(more).map(([name, value]) => [
        name,
        typeof value === 'number' ? now() + value : value,
      ]),
    );
    const token = await issuer.sign(claims(times), header);
    expect(await createTokens().verify(token, '/weather')).toEqual(admitted(expected));
  });

  it('is never unrestricted, whatever roles its holder has here', async () => {
    const admin: Account = {
      username: 'ada',
      oidc: { issuer: issuer.url, subject: 'ada-1' },
      roles: ['admin'],
      groups: ['mcp-admins'],
      disabled: false,
      createdAt: '2026-01-01T00:00:00.000Z',
    };
    await store.commit(() => ({ accounts: [admin] }));
    const token = await issuer.sign(claims({ sub: 'ada-1', groups: ['readers'] }));
    const found = await createTokens().verify(token, '/weather');
    expect(found).toMatchObject({ rules: admitted().rules });
    await store.commit(() => ({ accounts: [{ ...admin, disabled: true }] }));
    expect(await createTokens().verify(token, '/weather')).toEqual(INVALID);
  });

  it('is called by a digest when its subject has unsafe characters', async () => {
    const token = await issuer.sign(claims({ sub: 'a"b\n' }));
    expect(await createTokens().verify(token, '/weather')).toMatchObject({
      principal: expect.stringMatching(/^oidc:sha256:[0-9a-f]{64}$/),
    });
  });

  it('is made by a real provider for the resource that was asked for', async () => {
    const provider = await startOidcProvider(PUBLIC_URL);
    try {
      const tokens = createTokens(provider.issuer, () => new Date());
      const token = await provider.accessToken(AUDIENCE, { groups: ['readers'] });
      expect(await tokens.verify(token, '/weather')).toMatchObject({
        principal: 'oidc:agent',
        server: '/weather',
        rules: admitted().rules,
      });
      const other = await provider.accessToken(`${PUBLIC_URL}/time/mcp`);
      expect(await tokens.verify(other, '/weather')).toMatchObject({ refused: 'wrong-audience' });
      const later = createTokens(provider.issuer, () => new Date(Date.now() + 700_000));
      expect(await later.verify(token, '/weather')).toEqual(INVALID);
    } finally {
      await provider.close();
    }
  });
});

describe('refused is', () => {
  it.each([
    ['an expired token', { exp: 0 }],
    ['a token without an end', { exp: undefined }],
    ['a token whose end is no number', { exp: 'never' }],
    ['a token that begins after the leeway', { nbf: 61 }],
    ['a token that was issued after the leeway', { iat: 61 }],
    ['a token without a subject', { sub: undefined }],
    ['a token with an empty subject', { sub: '' }],
    ['a token without an audience', { aud: undefined }],
    ['a token of another issuer', { iss: 'https://evil.example.com' }],
  ])('%s', async (_what, more) => {
    const times = Object.fromEntries(
      Object.entries(more).map(([name, value]) => [
        name,
        typeof value === 'number' ? now() + value : value,
      ]),
    );
    const token = await issuer.sign(claims(times));
    expect(await createTokens().verify(token, '/weather')).toEqual(INVALID);
  });

  it.each(['logout+jwt', 'dpop+jwt', 'secevent+jwt'])('a JWT of type %s', async (typ) => {
    const token = await issuer.sign(claims(), { typ });
    expect(await createTokens().verify(token, '/weather')).toEqual(INVALID);
  });

  it.each([
    ['nothing', ''],
    ['a token of ours', 'mcpgw_abc_def'],
    ['three dots', '...'],
    ['megabytes', 'x'.repeat(2_000_000)],
  ])('%s, without asking anybody', async (_what, token) => {
    expect(await createTokens().verify(token, '/weather')).toEqual(INVALID);
    expect(issuer.asked('/jwks')).toBe(0);
  });

  it('a token without a signature', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = part({ iss: issuer.url, ...claims() });
    for (const alg of ['none', 'None', 'NONE']) {
      const token = `${part({ alg, typ: 'at+jwt' })}.${payload}.`;
      expect(await createTokens().verify(token, '/weather')).toEqual(INVALID);
    }
  });

  it('a token signed with the public key as if it were a shared secret', async () => {
    const jwk = await issuer.rotate('key', 'RS256');
    const pem = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as never);
    const secrets = [pem, pem.trim(), JSON.stringify(jwk), jwk.n ?? ''];
    for (const secret of secrets) {
      const token = await new SignJWT({ iss: issuer.url, ...claims() })
        .setProtectedHeader({ alg: 'HS256', kid: 'key', typ: 'at+jwt' })
        .sign(Buffer.from(secret.padEnd(32)));
      expect(await createTokens().verify(token, '/weather')).toEqual(INVALID);
    }
  });

  it('a token that brings its own key', async () => {
    const token = await issuer.sign(claims());
    const stranger = await startJwksIssuer();
    try {
      const jwk = stranger.keys[0];
      const jku = `${stranger.url}/jwks`;
      const forged = await stranger.sign({ ...claims(), iss: issuer.url }, { jwk, jku });
      const tokens = createTokens();
      expect(await tokens.verify(token, '/weather')).toEqual(admitted());
      expect(await tokens.verify(forged, '/weather')).toEqual(INVALID);
      expect(stranger.asked('/jwks')).toBe(0);
    } finally {
      await stranger.close();
    }
  });

  it('a token that was changed', async () => {
    const [header, , signature] = (await issuer.sign(claims())).split('.');
    const payload = Buffer.from(
      JSON.stringify({ iss: issuer.url, ...claims({ groups: ['mcp-admins'] }) }),
    ).toString('base64url');
    const token = `${header}.${payload}.${signature}`;
    expect(await createTokens().verify(token, '/weather')).toEqual(INVALID);
  });
});

describe('for another audience, a token', () => {
  it('is good at the server that it names, and nowhere else', async () => {
    const token = await issuer.sign(claims({ aud: `${PUBLIC_URL}/team/time/mcp` }));
    expect(await createTokens().verify(token, '/weather')).toEqual({
      refused: 'wrong-audience',
      elsewhere: admitted({ server: '/team/time' }),
    });
  });

  it.each([
    'account',
    PUBLIC_URL,
    `${PUBLIC_URL}/weather`,
    `${AUDIENCE}/`,
    `${PUBLIC_URL}//weather/mcp`,
    `${PUBLIC_URL}/../weather/mcp`,
    `${PUBLIC_URL}.evil.example.com/weather/mcp`,
    'http://gateway.example.com/weather/mcp',
    'https://GATEWAY.example.com/weather/mcp',
  ])('for %s is good nowhere here', async (aud) => {
    const token = await issuer.sign(claims({ aud }));
    const found = await createTokens().verify(token, '/weather');
    expect(found).toEqual({ refused: 'wrong-audience' });
  });
});

describe('keys of the provider', () => {
  it('are kept, and asked for again when a token names one that is unknown', async () => {
    const tokens = createTokens();
    const before = await issuer.sign(claims());
    await tokens.verify(before, '/weather');
    await tokens.verify(before, '/weather');
    expect(issuer.asked('/jwks')).toBe(1);
    await issuer.rotate('second');
    expect(await tokens.verify(await issuer.sign(claims()), '/weather')).toEqual(admitted());
    expect(await tokens.verify(before, '/weather')).toEqual(INVALID);
    const unknown = await issuer.sign(claims(), { kid: 'third' });
    expect(await tokens.verify(unknown, '/weather')).toEqual(INVALID);
  });

  it('that cannot be had say nothing of a token, and are asked for again later', async () => {
    const tokens = createTokens();
    const token = await issuer.sign(claims());
    issuer.status = 500;
    expect(await tokens.verify(token, '/weather')).toEqual(UNAVAILABLE);
    issuer.status = 200;
    clock.advance(1000);
    expect(await tokens.verify(token, '/weather')).toEqual(admitted({ expires: now() + 299 }));
    issuer.status = 500;
    const unknown = await issuer.sign(claims(), { kid: 'second' });
    expect(await tokens.verify(unknown, '/weather')).toEqual(UNAVAILABLE);
    expect(await tokens.verify(token, '/weather')).toEqual(admitted({ expires: now() + 299 }));
  });
});

describe('the identity provider', () => {
  const ask = (log = createRecordingLog()) => {
    const provider = createIdentityProvider({ issuer: issuer.url, clock, log });
    return { provider, log };
  };
  const DOCUMENT = '/.well-known/openid-configuration';

  it('is asked once by many at a time, and again after an hour', async () => {
    const { provider } = ask();
    await Promise.all([provider.metadata(), provider.metadata(), provider.metadata()]);
    expect(issuer.asked(DOCUMENT)).toBe(1);
    clock.advance(3_600_000);
    issuer.status = 503;
    expect(await provider.metadata()).toMatchObject({ issuer: issuer.url });
    expect(issuer.asked(DOCUMENT)).toBe(2);
  });

  it('is left alone for longer and longer while it fails', async () => {
    const { provider } = ask();
    issuer.status = 503;
    const fail = () =>
      expect(provider.metadata()).rejects.toMatchObject({ code: 'identity-provider-unavailable' });
    for (const [waitMs, asked] of [
      [0, 1],
      [999, 1],
      [1, 2],
      [1999, 2],
      [1, 3],
    ] as const) {
      clock.advance(waitMs);
      await fail();
      expect(issuer.asked(DOCUMENT)).toBe(asked);
    }
    issuer.status = 200;
    clock.advance(60_000);
    expect(await provider.metadata()).toMatchObject({ issuer: issuer.url });
  });

  it.each([
    ['another name', { issuer: 'https://other.example.com' }, /calls itself https:\/\/other/],
    ['a slash more', { issuer: 'SELF/' }, /character for character/],
    ['no keys', { jwks_uri: undefined }, /jwks_uri/],
    ['keys without TLS', { jwks_uri: 'http://keys.example.com/' }, /jwks_uri is not https/],
    ['tokens without TLS', { token_endpoint: 'http://a.example.com/' }, /token_endpoint is not/],
  ])('is not believed with %s, and the log says why', async (_what, metadata, reason) => {
    const { provider, log } = ask();
    issuer.metadata = JSON.parse(
      JSON.stringify(metadata, (_key, value: unknown) => value ?? null).replace('SELF', issuer.url),
    ) as Readonly<Record<string, unknown>>;
    await expect(provider.metadata()).rejects.toMatchObject({
      code: 'identity-provider-unavailable',
    });
    expect(log.entries[0]?.fields.reason).toMatch(reason);
  });
});
