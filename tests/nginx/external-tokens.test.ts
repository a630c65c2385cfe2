import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { exportSPKI, importJWK, SignJWT } from 'jose';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startJwksIssuer, type JwksIssuer } from '../fixtures/jwks-issuer.js';
import { startOidcProvider, type OidcProviderFixture } from '../fixtures/oidc-provider.js';
import { rawRequest, type RawResponse } from '../fixtures/raw-http.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const call = (name: string) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });

type Claims = Readonly<Record<string, unknown>>;

let issuer: JwksIssuer;
let registry: RegistryProcess;
let upstream: EchoServer;

const now = () => Math.floor(Date.now() / 1000);
const audienceOf = (server: string) => `${registry.url}${server}/mcp`;
const claims = (more: Claims = {}) => ({
  sub: 'agent',
  aud: audienceOf('/weather'),
  exp: now() + 300,
  groups: ['forecasters'],
  // No two tokens are the same.
  jti: randomUUID(),
  ...more,
});

const ask = (token: string, body = PING, server = '/weather'): Promise<RawResponse> =>
  rawRequest(audienceOf(server), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  });

/** How often nginx asked the registry about a token. */
const learnings = () => registry.output().split('"/internal/gate/learn"').length - 1;

/** The same when the log has told of all: it reaches us a little later than the answers. */
async function allLearnings(): Promise<number> {
  for (let seen = learnings(); ; seen = learnings()) {
    await delay(300);
    if (learnings() === seen) return seen;
  }
}

/** Starts the product and brings servers and groups into it. */
async function startWith(issuerUrl: string): Promise<void> {
  registry = await createRegistryProcess({ OIDC_ISSUER: issuerUrl, LOG_FORMAT: 'json' });
  await registry.start();
  const create = async (at: string, input: object) => {
    const answer = await registry.api(at, 'POST', input);
    if (answer.status !== 201) throw new Error(await answer.text());
  };
  for (const server of ['/weather', '/time', '/other']) {
    const url = `${upstream.url}/mcp`;
    const facts = { name: server, path: server, url, transport: 'streamable-http', enabled: true };
    await create('/api/servers', { ...facts, access: 'authenticated' });
  }
  await create('/api/groups', { name: 'forecasters', servers: ['*'], tools: ['*'] });
  await create('/api/groups', { name: 'echoers', servers: ['/weather'], tools: ['echo'] });
  await eventually(
    () => rawRequest(audienceOf('/other'), { method: 'POST' }),
    ({ status }) => status === 401,
  );
}

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startJwksIssuer(), startEchoServer()]);
  await startWith(issuer.url);
});

afterAll(async () => {
  await registry.close();
  await Promise.all([issuer.close(), upstream.close()]);
});

describe('a token of the identity provider', () => {
  it('is looked at once, however often and from how many connections it comes', async () => {
    const token = await issuer.sign(claims());
    const before = learnings();
    const first = await Promise.all(Array.from({ length: 10 }, () => ask(token)));
    expect(first.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const asked = await allLearnings();
    expect(asked).toBeGreaterThan(before);
    for (let count = 0; count < 10; count += 1) expect((await ask(token)).status).toBe(200);
    expect(learnings()).toBe(asked);
    expect(issuer.asked('/jwks')).toBe(1);
    expect(JSON.stringify(upstream.requests)).not.toContain(token);
  });

  it('may use the tools of its groups, which the gate finds in the body', async () => {
    const token = await issuer.sign(claims({ groups: ['echoers'] }));
    expect((await ask(token, call('echo'))).status).toBe(200);
    const refused = await ask(token, call('delete'));
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toMatchObject({
      id: 1,
      error: { data: { error: 'not-permitted' } },
    });
    const stranger = await issuer.sign(claims({ groups: ['unknown'] }));
    expectGatewayError(await ask(stranger, call('echo')), 403, 'not-permitted');
  });

  it('is good at the server that it names and at no other', async () => {
    const token = await issuer.sign(claims({ aud: audienceOf('/time') }));
    expectGatewayError(await ask(token), 401, 'authentication-required');
    expect((await ask(token, PING, '/time')).status).toBe(200);
    const asked = learnings();
    expectGatewayError(await ask(token), 401, 'authentication-required');
    expect(learnings()).toBe(asked);
  });

  it('is good at each of the servers that it names, and looked at once for all', async () => {
    const aud = [audienceOf('/time'), 'account', audienceOf('/weather')];
    const token = await issuer.sign(claims({ aud }));
    const before = learnings();
    expect((await ask(token)).status).toBe(200);
    expect((await ask(token, PING, '/time')).status).toBe(200);
    expectGatewayError(await ask(token, PING, '/other'), 401, 'authentication-required');
    await eventually(learnings, (count) => count > before);
    expect(learnings()).toBe(before + 1);
  });

  it('of a real provider does the same', async () => {
    const provider: OidcProviderFixture = await startOidcProvider('http://127.0.0.1:1');
    const others = { registry };
    try {
      await startWith(provider.issuer);
      const token = await provider.accessToken(audienceOf('/weather'), { groups: ['echoers'] });
      expect((await ask(token, call('echo'))).status).toBe(200);
      expect((await ask(token, call('delete'))).status).toBe(403);
      expectGatewayError(await ask(token, PING, '/time'), 401, 'authentication-required');
    } finally {
      await registry.close();
      await provider.close();
      ({ registry } = others);
    }
  });
});

describe('refused, and asked about once, is', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = (alg: string) => `${part({ alg })}.${part({ iss: issuer.url, ...claims() })}.`;

  it.each<[string, () => Promise<string> | string]>([
    ['a token that has expired', () => issuer.sign(claims({ exp: now() - 1 }))],
    ['a token of another issuer', () => issuer.sign(claims({ iss: 'https://evil.example.com' }))],
    ['a token for nobody here', () => issuer.sign(claims({ aud: 'account' }))],
    ['a token for the whole gateway', () => issuer.sign(claims({ aud: registry.url }))],
    [
      'a token with a changed payload',
      async () => {
        const [header, , signature] = (await issuer.sign(claims())).split('.');
        return [header, part({ iss: issuer.url, ...claims({ sub: 'root' }) }), signature].join('.');
      },
    ],
    [
      'a token with a foreign signature',
      async () => {
        const stranger = await startJwksIssuer();
        const token = await stranger.sign({ ...claims(), iss: issuer.url });
        await stranger.close();
        return token;
      },
    ],
    [
      'a token signed with the public key as a shared secret',
      async () => {
        const [jwk] = issuer.keys;
        const pem = await exportSPKI(
          (await importJWK(jwk ?? {}, 'ES256', { extractable: true })) as never,
        );
        return new SignJWT({ iss: issuer.url, ...claims() })
          .setProtectedHeader({ alg: 'HS256', kid: 'first', typ: 'at+jwt' })
          .sign(Buffer.from(pem));
      },
    ],
    // The last part is empty, so that it has not even the form of a signed token: nobody is asked.
    ['a token without a signature', () => `${unsigned('none')}x`],
  ])('%s', async (_what, make) => {
    const token = await make();
    const before = learnings();
    for (let count = 0; count < 5; count += 1) {
      const answer = await ask(token);
      expectGatewayError(answer, 401, 'authentication-required');
      expect(answer.headers['www-authenticate']).toBe(
        `Bearer error="invalid_token", resource_metadata="${registry.url}/.well-known/oauth-protected-resource/weather/mcp"`,
      );
    }
    await eventually(learnings, (count) => count > before);
    expect(learnings()).toBe(before + 1);
  });

  it('not even once what has not the form of a token', async () => {
    const before = learnings();
    for (const token of [unsigned('none'), unsigned('None'), 'a.b', 'mcpgw_x', 'a.b.c.d']) {
      expectGatewayError(await ask(token), 401, 'authentication-required');
    }
    expect(learnings()).toBe(before);
  });
});

describe('while the registry is down', () => {
  it('known tokens work until they expire, and of others the caller is told to try again', async () => {
    const [lasting, ending, bad] = await Promise.all([
      issuer.sign(claims()),
      issuer.sign(claims({ exp: now() + 3 })),
      issuer.sign(claims({ iss: 'https://evil.example.com' })),
    ]);
    expect((await ask(lasting)).status).toBe(200);
    expect((await ask(ending)).status).toBe(200);
    expect((await ask(bad)).status).toBe(401);
    await registry.kill('SIGKILL');

    expect((await ask(lasting)).status).toBe(200);
    expect((await ask(bad)).status).toBe(401);
    const unknown = await ask(await issuer.sign(claims()));
    const message = expectGatewayError(unknown, 503, 'token-unverified');
    expect(message).toContain('registry');
    expect(unknown.headers['www-authenticate']).toBeUndefined();
    // Its end was known, so that nobody has to be asked about it.
    const ended = await eventually(
      () => ask(ending),
      ({ status }) => status !== 200,
    );
    expectGatewayError(ended, 401, 'authentication-required');
    expect((await ask(lasting)).status).toBe(200);

    await registry.start();
    expect((await ask(lasting)).status).toBe(200);
    expect((await ask(await issuer.sign(claims()))).status).toBe(200);
  });

  it('its log tells no token', () => {
    const log = readFileSync(path.join(registry.dataDir, 'nginx/logs/access.log'), 'utf8');
    expect(`${log}${registry.output()}`).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });
});

describe('while the provider cannot be asked', () => {
  it('unknown tokens are not refused for good', async () => {
    await registry.kill('SIGTERM');
    issuer.status = 500;
    try {
      await registry.start();
      const token = await issuer.sign(claims());
      expectGatewayError(await ask(token), 503, 'token-unverified');
      issuer.status = 200;
      await eventually(
        () => ask(token),
        ({ status }) => status === 200,
      );
    } finally {
      issuer.status = 200;
    }
  });
});
