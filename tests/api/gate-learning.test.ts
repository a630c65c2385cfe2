import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { gateLearnKey } from '../../registry/access/derived-key.js';
import { createExternalTokens } from '../../registry/access/external-tokens.js';
import type { GateRecord } from '../../registry/access/gate-record.js';
import { createIdentityProvider } from '../../registry/access/identity-provider.js';
import { hashToken } from '../../registry/access/token.js';
import { createLearnToken } from '../../registry/operations/access/gate-learning.js';
import { createResourceMetadata } from '../../registry/operations/servers/resource-metadata.js';
import type { RegistryState } from '../../registry/store/store.js';
import { startJwksIssuer, type JwksIssuer } from '../fixtures/jwks-issuer.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

const PUBLIC_URL = 'https://gateway.example.com';
const SECRET_KEY = 'a key for tests that nobody else uses';
const GATE_KEY = gateLearnKey(SECRET_KEY);

let issuer: JwksIssuer;
beforeEach(async () => {
  issuer = await startJwksIssuer();
});
afterEach(() => issuer.close());

interface Learned {
  readonly sha256: string;
  readonly record: GateRecord;
  readonly asOf: RegistryState;
}

async function setUp() {
  const learned: Learned[] = [];
  const learn = (sha256: string, record: GateRecord, asOf: RegistryState) => {
    learned.push({ sha256, record, asOf });
    return Promise.resolve(true);
  };
  const registry = await createTestRegistry({}, ({ store, clock, log }) => ({
    learnToken: createLearnToken({
      externalTokens: createExternalTokens({
        provider: createIdentityProvider({ issuer: issuer.url, clock, log }),
        groupsClaim: 'groups',
        publicUrl: PUBLIC_URL,
        store,
        secretKey: SECRET_KEY,
        clock,
      }),
      learn,
      store,
      clock,
    }),
  }));
  return { registry, learned };
}

const ask = ({ app }: TestRegistry, token: string, server = '/weather') =>
  request(app)
    .post('/internal/gate/learn')
    // What a browser sent to the server that it called comes along.
    .set({ 'X-Gate-Key': GATE_KEY, 'Sec-Fetch-Site': 'cross-site', Origin: 'https://inspector' })
    .set('Authorization', `Bearer ${token}`)
    .send({ server });

const now = ({ clock }: TestRegistry) => Math.floor(clock().getTime() / 1000);
const tokenFor = (registry: TestRegistry, path: string) =>
  issuer.sign({ sub: 'agent', aud: `${PUBLIC_URL}${path}/mcp`, exp: now(registry) + 300 });

describe('the gate learns', () => {
  it('whom a token of the identity provider admits', async () => {
    const { registry, learned } = await setUp();
    const token = await tokenFor(registry, '/weather');
    const asOf = registry.store.state();
    const answer = await ask(registry, token);
    expect([answer.status, answer.text]).toEqual([204, '']);
    const record: unknown = expect.objectContaining({
      principal: 'oidc:agent',
      server: '/weather',
      expires: now(registry) + 300,
    });
    expect(learned).toEqual([{ sha256: hashToken(token), record, asOf }]);
  });

  it('for half a minute that a token is worth nothing', async () => {
    const { registry, learned } = await setUp();
    const answer = await ask(registry, 'mcpgw_wrong');
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'token-invalid' });
    const record = { refused: true, expires: now(registry) + 30 };
    expect(learned).toMatchObject([{ sha256: hashToken('mcpgw_wrong'), record }]);
  });

  it('where else a token is good that is refused here', async () => {
    const { registry, learned } = await setUp();
    const answer = await ask(registry, await tokenFor(registry, '/time'));
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'token-wrong-audience' });
    expect(learned).toMatchObject([{ record: { server: '/time', principal: 'oidc:agent' } }]);
  });

  it('nothing while the provider cannot be asked', async () => {
    const { registry, learned } = await setUp();
    issuer.status = 500;
    const answer = await ask(registry, await tokenFor(registry, '/weather'));
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'identity-provider-unavailable' });
    expect(learned).toEqual([]);
  });

  it('nothing from a request that says nothing', async () => {
    const { registry, learned } = await setUp();
    const post = () =>
      request(registry.app).post('/internal/gate/learn').set('X-Gate-Key', GATE_KEY);
    expect((await post().send({ server: '/weather' })).status).toBe(401);
    const bare = await post().set('Authorization', 'Bearer x').send({});
    expect(bare.body).toMatchObject({ code: 'validation-failed' });
    expect(learned).toEqual([]);
  });

  it('that no token is good where no provider is configured', async () => {
    const registry = await createTestRegistry();
    const answer = await ask(registry, await tokenFor(registry, '/weather'));
    expect(answer.body).toMatchObject({ code: 'token-invalid' });
  });
});

it('keys for different installations differ, and are no part of the key that they are made of', () => {
  expect(GATE_KEY).toMatch(/^[0-9a-f]{64}$/);
  expect(gateLearnKey('another key for tests')).not.toBe(GATE_KEY);
});

it('resource metadata names the identity provider, and the audience that its tokens must have', async () => {
  const { registry } = await setUp();
  const call = await callAs(registry, 'write');
  await call('post', '/api/servers').send(WEATHER);
  const { store } = registry;
  const of = createResourceMetadata({ store, publicUrl: PUBLIC_URL, issuer: issuer.url });
  expect(of('weather')).toEqual({
    resource: `${PUBLIC_URL}/weather/mcp`,
    resource_name: '/weather',
    authorization_servers: [issuer.url],
    bearer_methods_supported: ['header'],
  });
  const aud = of('weather').resource;
  const token = await issuer.sign({ sub: 'agent', aud, exp: now(registry) + 300 });
  expect((await ask(registry, token)).status).toBe(204);
});
