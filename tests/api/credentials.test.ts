import { beforeEach, describe, expect, it } from '@jest/globals';
import { addServer, EMPTY_CATALOG } from '../../registry/catalog/catalog.js';
import { serverInputSchema } from '../../registry/catalog/server.js';
import { bearer } from '../fixtures/stored-auth.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

const CANARY = 'canary-5e1d';
const BASE64_CANARY = Buffer.from(CANARY).toString('base64').replace(/=+$/, '');

type Caller = Awaited<ReturnType<typeof callAs>>;
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
}

const OAUTH = {
  type: 'oauth-client-credentials',
  tokenUrl: 'https://login.example.com/token',
  clientId: 'me',
};
/** Of each type: what is set, what it takes to keep the secret, and what is shown. */
const TYPES = {
  bearer: {
    set: { type: 'bearer', token: CANARY },
    keep: { type: 'bearer' },
    shown: { type: 'bearer' },
  },
  basic: {
    set: { type: 'basic', username: 'jane', password: CANARY },
    keep: { type: 'basic', username: 'jane' },
    shown: { type: 'basic', username: 'jane' },
  },
  headers: {
    set: {
      type: 'headers',
      headers: [
        { name: 'X-Api-Key', value: CANARY },
        { name: 'X-Tenant', value: `${CANARY}-too` },
      ],
    },
    keep: { type: 'headers', headers: [{ name: 'X-Api-Key' }, { name: 'X-Tenant' }] },
    shown: { type: 'headers', headers: [{ name: 'X-Api-Key' }, { name: 'X-Tenant' }] },
  },
  'oauth-client-credentials': {
    set: { ...OAUTH, scope: 'mcp', clientSecret: CANARY },
    keep: { ...OAUTH, scope: 'mcp' },
    shown: { ...OAUTH, scope: 'mcp', method: 'basic' },
  },
};
const EACH_TYPE = Object.entries(TYPES);
const BEARER = TYPES.bearer.set;

let registry: TestRegistry;
let call: Caller;
beforeEach(async () => {
  registry = await createTestRegistry();
  call = await callAs(registry, 'admin');
});

const register = (auth: object, fields: object = {}) =>
  call('post', '/api/servers').send({ ...WEATHER, auth, ...fields });
const patch = (fields: object) => call('patch', '/api/servers/weather').send(fields);
const put = (fields: object) => call('put', '/api/servers/weather').send({ ...WEATHER, ...fields });
const shown = ({ body }: Answer) => (body as { readonly auth: object }).auth;
const problems = ({ body }: Answer) =>
  (body as { readonly errors: readonly { field: string; message: string }[] }).errors;
const fields = (answer: Answer) => problems(answer).map(({ field }) => field);
const stored = () => [...registry.store.state().catalog.servers.values()][0]?.auth;

describe('the credential of a server', () => {
  it('is got from no address that the outbound policy always refuses', async () => {
    const auth = { ...TYPES['oauth-client-credentials'].set, tokenUrl: 'http://169.254.169.254/t' };
    const refused = { field: 'auth.tokenUrl', message: expect.stringContaining('is refused') };
    const url = 'http://169.254.169.254/mcp';
    expect(problems(await register(auth))).toEqual([refused]);
    expect(fields(await register(auth, { url }))).toEqual(['url', 'auth.tokenUrl']);
    await register(TYPES['oauth-client-credentials'].set);
    const before = registry.store.state();
    expect(problems(await patch({ auth }))).toEqual([refused]);
    expect(problems(await put({ auth }))).toEqual([refused]);
    expect(problems(await call('post', '/api/gateway/preview').send({ ...WEATHER, auth }))).toEqual(
      [refused],
    );
    const text = JSON.stringify({ servers: [{ ...WEATHER, path: '/other', auth }] });
    const imported = await call('post', '/api/import').send({ text });
    expect(imported.body).toMatchObject({ results: [{ outcome: 'refused', problems: [refused] }] });
    expect(registry.store.state()).toBe(before);
  });

  it('is none unless one is set', async () => {
    const answer = await call('post', '/api/servers').send(WEATHER);
    expect(shown(answer)).toEqual({ type: 'none' });
  });

  it.each(EACH_TYPE)('is stored sealed and shown without its secrets: %s', async (_type, auth) => {
    const answer = await register(auth.set);
    expect(answer.status).toBe(201);
    const changedAt = '2026-01-02T03:04:05.000Z';
    const expected = { ...auth.shown, secretSet: true, changedAt };
    expect(shown(answer)).toEqual(expected);
    expect(shown(await call('get', '/api/servers/weather'))).toEqual(expected);
    expect(JSON.stringify(registry.store.state())).not.toContain(CANARY);
    expect(JSON.stringify(stored())).toContain('v1.');
  });

  it.each(EACH_TYPE)('stays when a change leaves its secrets out: %s', async (_type, auth) => {
    await register(auth.set);
    const before = stored();
    registry.clock.advance(1000);
    for (const change of [
      () => patch({ description: 'one' }),
      () => patch({ description: 'two', auth: auth.keep }),
      () => put({ description: 'three' }),
      () => put({ description: 'four', auth: auth.keep }),
      () => patch({ path: '/moved' }),
    ]) {
      expect((await change()).status).toBe(200);
      expect(stored()).toEqual(before);
    }
  });

  it.each(EACH_TYPE)('is no change when the same secrets are sent again: %s', async (_, auth) => {
    await register(auth.set);
    const { revision } = registry.store.state();
    registry.clock.advance(1000);
    expect((await patch({ auth: auth.set })).status).toBe(200);
    expect((await put({ auth: auth.set })).status).toBe(200);
    expect((await patch({ auth: auth.keep })).status).toBe(200);
    expect(registry.store.state().revision).toBe(revision);
  });

  it.each(EACH_TYPE)('is removed with its secrets by the type none: %s', async (_type, auth) => {
    await register(auth.set);
    expect(shown(await patch({ auth: { type: 'none' } }))).toEqual({ type: 'none' });
    expect(JSON.stringify(registry.store.state().catalog)).not.toContain('v1.');
    const again = await patch({ auth: auth.keep });
    expect(again.status).toBe(422);
  });

  it.each(EACH_TYPE)('needs its secrets where there are none to keep: %s', async (type, auth) => {
    const answer = await register(auth.keep);
    expect(answer.status).toBe(422);
    expect(fields(answer)).toEqual(
      {
        bearer: ['auth.token'],
        basic: ['auth.password'],
        headers: ['auth.headers.0.value', 'auth.headers.1.value'],
        'oauth-client-credentials': ['auth.clientSecret'],
      }[type],
    );
    const other = type === 'bearer' ? TYPES.basic : TYPES.bearer;
    await register(other.set);
    expect((await patch({ auth: auth.keep })).status).toBe(422);
  });

  it('tells when a secret was changed, but not for the other fields', async () => {
    await register(TYPES.basic.set);
    registry.clock.advance(60_000);
    const renamed = await patch({ auth: { type: 'basic', username: 'joe' } });
    expect(shown(renamed)).toMatchObject({
      username: 'joe',
      changedAt: '2026-01-02T03:04:05.000Z',
    });
    const changed = await patch({ auth: { type: 'basic', username: 'joe', password: 'new' } });
    expect(shown(changed)).toMatchObject({ changedAt: '2026-01-02T03:05:05.000Z' });
  });

  it('may have headers added, changed and taken away one by one', async () => {
    await register(TYPES.headers.set);
    const keyBefore = stored();
    const headers = [
      { name: 'x-tenant', value: 'b' },
      { name: 'X-New', value: 'c' },
    ];
    const missing = await patch({
      auth: { type: 'headers', headers: [...headers, { name: 'X-Other' }] },
    });
    expect(fields(missing)).toEqual(['auth.headers.2.value']);
    const answer = await patch({
      auth: { type: 'headers', headers: [{ name: 'x-api-key' }, ...headers] },
    });
    expect(shown(answer)).toMatchObject({
      headers: [{ name: 'x-api-key' }, { name: 'x-tenant' }, { name: 'X-New' }],
    });
    const valueOf = (auth: typeof keyBefore, index: number) =>
      auth?.type === 'headers' ? auth.headers[index]?.value : undefined;
    expect(valueOf(stored(), 0)).toBe(valueOf(keyBefore, 0));
    expect(shown(answer)).not.toHaveProperty('unreadable');
  });

  it.each([
    ['to another host', { url: 'http://evil.example/' }],
    ['to another port', { url: 'http://weather:8001/' }],
  ])('does not go along when the server moves %s', async (_where, move) => {
    await register(BEARER);
    const answer = await patch(move);
    expect(answer.status).toBe(422);
    expect(problems(answer)).toEqual([
      { field: 'auth.token', message: expect.stringContaining('another origin') },
    ]);
    expect((await put({ ...move, auth: { type: 'bearer' } })).status).toBe(422);
    expect((await patch({ ...move, auth: BEARER })).status).toBe(200);
    expect((await patch({ url: WEATHER.url, auth: { type: 'none' } })).status).toBe(200);
  });

  it('goes along to another path of the server', async () => {
    await register(BEARER);
    expect((await patch({ url: 'http://weather:8000/v2/mcp' })).status).toBe(200);
  });

  it('does not send a client’s secret to another token endpoint', async () => {
    await register(TYPES['oauth-client-credentials'].set);
    const auth = { ...OAUTH, tokenUrl: 'https://evil.example/token' };
    expect(fields(await patch({ auth }))).toEqual(['auth.clientSecret']);
    expect((await patch({ auth: { ...auth, clientSecret: CANARY } })).status).toBe(200);
  });

  it('is refused where clients would send the gateway’s own token', async () => {
    const auth = { type: 'pass-through', from: 'Authorization' };
    expect(fields(await register(auth))).toEqual(['auth.from']);
    const answer = await register(auth, { access: 'public' });
    expect(shown(answer)).toEqual({ ...auth, to: 'Authorization' });
    expect(fields(await patch({ access: 'authenticated' }))).toEqual(['auth.from']);
    expect(fields(await put({ auth }))).toEqual(['auth.from']);
  });

  it('cannot be set by what only answers have', async () => {
    const auth = { ...BEARER, secretSet: true, changedAt: 'now' };
    const answer = await register(auth);
    expect(problems(answer)).toEqual([
      { field: 'auth.secretSet', message: expect.stringContaining('leave it out') },
      { field: 'auth.changedAt', message: expect.stringContaining('leave it out') },
    ]);
  });

  it('names the fields there are when it has another one', async () => {
    const [problem] = problems(await register({ type: 'bearer', tokn: CANARY }));
    expect(problem?.field).toBe('auth.tokn');
    expect(problem?.message).toMatch(/known fields are: type, token, /);
  });

  it('names the types when it has none of them', async () => {
    const [problem] = problems(await register({ type: 'digest' }));
    expect(problem?.message).toMatch(/"none", "bearer", "basic"/);
  });

  it('is told to be unreadable when the key was changed, and can be set anew', async () => {
    const stamp = { by: 'admin', at: '2026-01-02T03:04:05.000Z', revision: 1 };
    const input = { ...serverInputSchema.parse(WEATHER), auth: bearer('sealed elsewhere') };
    registry = await createTestRegistry({ catalog: addServer(EMPTY_CATALOG, input, stamp) });
    call = await callAs(registry, 'admin');
    expect(shown(await call('get', '/api/servers/weather'))).toMatchObject({
      type: 'bearer',
      secretSet: true,
      unreadable: true,
    });
    expect((await patch({ name: 'Another' })).status).toBe(200);
    expect(shown(await patch({ auth: BEARER }))).not.toHaveProperty('unreadable');
  });
});

describe('a secret', () => {
  it.each(EACH_TYPE)('is in no answer and no line of the log: %s', async (_type, { set, keep }) => {
    const answers: Answer[] = [];
    const ask = async (request: PromiseLike<Answer>) => void answers.push(await request);
    const body = { ...WEATHER, auth: set };
    await ask(call('post', '/api/gateway/preview').send(body));
    await ask(call('post', '/api/servers').send({ ...body, colour: 'blue' }));
    await ask(call('post', '/api/servers').send({ ...body, url: 'ftp://x' }));
    await ask(call('post', '/api/servers').send({ ...body, auth: { ...set, type: 'none' } }));
    await ask(call('post', '/api/servers').send({ ...body, auth: { ...set, type: CANARY } }));
    await ask(
      call('post', '/api/servers')
        .set('Content-Type', 'application/json')
        .send(`{"auth": {"token": "${CANARY}"`),
    );
    await ask(call('post', '/api/servers').send(body));
    await ask(call('post', '/api/servers').send(body)); // The path is taken.
    await ask(call('post', '/register').send({ ...body }));
    await ask(call('post', '/api/gateway/preview').send({ path: '/weather', auth: set }));
    await ask(put({ auth: set }));
    await ask(put({ auth: keep }));
    await ask(patch({ auth: set, name: 'B' }));
    await ask(patch({ auth: keep, url: 'http://elsewhere/' }));
    await ask(patch({ auth: set }).set('If-Match', '"999"'));
    await ask(call('post', '/api/servers/weather/enable'));
    await ask(call('post', '/api/servers/weather/refresh'));
    await ask(call('get', '/api/servers'));
    for (const { method, path } of registry.routes.filter(({ method }) => method === 'get')) {
      const filled = path.replace('{path}', 'weather').replace(/\{\w+\}/g, 'x');
      await ask(call(method, filled));
    }
    await ask(call('get', '/api/openapi.json'));
    await ask(call('delete', '/api/servers/weather'));
    expect(answers.map(({ status }) => status)).toEqual(
      expect.arrayContaining([200, 201, 400, 404, 409, 412, 422]),
    );
    const everything = JSON.stringify([
      answers.map(({ body, text }) => [body, text]),
      registry.log.entries,
    ]);
    expect(everything).not.toContain(BASE64_CANARY);
    expect(everything).not.toContain(CANARY);
  });

  it('is marked in the OpenAPI document as what no answer has', async () => {
    const { text } = await call('get', '/api/openapi.json');
    expect(text.match(/"writeOnly":true/g)?.length).toBeGreaterThanOrEqual(4);
  });
});
