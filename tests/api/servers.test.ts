import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

type Caller = Awaited<ReturnType<typeof callAs>>;

interface Answer {
  readonly body: unknown;
}
const serversOf = ({ body }: Answer) => (body as { servers: { path: string }[] }).servers;
const pathsOf = (answer: Answer) => serversOf(answer).map(({ path }) => path);
const errorsOf = ({ body }: Answer) =>
  (body as { errors: { field: string; message: string }[] }).errors;

describe('the server API', () => {
  let registry: TestRegistry;
  let call: Caller;
  beforeEach(async () => {
    registry = await createTestRegistry();
    call = await callAs(registry, 'write');
  });
  const register = (input: object = WEATHER) => call('post', '/api/servers').send(input);

  it('registers a server disabled, and tells where it is and what nginx made of it', async () => {
    const answer = await register({ ...WEATHER, path: 'team/weather', tags: ['eu'] });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe('/api/servers/team%2Fweather');
    expect(answer.headers.etag).toMatch(/^"\d+"$/);
    expect(answer.body).toMatchObject({
      path: '/team/weather',
      enabled: false,
      transport: 'auto',
      access: 'authenticated',
      tags: ['eu'],
      owner: 'admin',
      publicUrl: 'https://gateway.example.com/team/weather/mcp',
      toolCount: 0,
      health: { reachable: 'unknown', usable: 'unknown' },
      gateway: { state: 'applied', generation: 'abc123' },
    });
    const outcome = answer.body as { readonly gateway: object };
    const read: { readonly body: object; readonly headers: Record<string, string> } = await call(
      'get',
      answer.headers.location ?? '',
    );
    expect({ ...read.body, gateway: outcome.gateway }).toEqual(outcome);
    expect(read.headers.etag).toBe(answer.headers.etag);
  });

  it.each([
    ['the metadata service', 'http://169.254.169.254/mcp'],
    ['it under its name', 'http://metadata.google.internal/mcp'],
    ['it as a number', 'http://2852039166/mcp'],
    ['a link-local address', 'http://[fe80::1]/mcp'],
  ])('takes no address that the outbound policy always refuses: %s', async (_what, url) => {
    const answer = await register({ ...WEATHER, url });
    expect([answer.status, errorsOf(answer)]).toMatchObject([
      422,
      [
        {
          field: 'url',
          message: expect.stringMatching(/is refused: .*UPSTREAM_POLICY/) as unknown,
        },
      ],
    ]);
    await register(WEATHER);
    const before = registry.store.state();
    for (const method of ['put', 'patch'] as const) {
      const changed = await call(method, '/api/servers/weather').send(
        method === 'put' ? { ...WEATHER, url } : { url },
      );
      expect(changed.status).toBe(422);
    }
    expect(registry.store.state()).toBe(before);
  });

  it('reports every wrong field at once and stores nothing', async () => {
    const before = registry.store.state();
    const answer = await register({
      name: '',
      path: '/api/x',
      url: 'ftp://x',
      enabled: 'yes',
      colour: 'blue',
      tls: { verify: true, pin: 1 },
    });
    expect(answer.status).toBe(422);
    expect(answer.type).toBe('application/problem+json');
    expect(
      errorsOf(answer)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['colour', 'enabled', 'name', 'path', 'tls.pin', 'url'].sort());
    expect(errorsOf(answer).find(({ field }) => field === 'colour')?.message).toMatch(
      /"colour" is not a known field; known fields are: name, path, url/,
    );
    expect(errorsOf(answer).find(({ field }) => field === 'tls.pin')?.message).toMatch(
      /known fields are: verify, caPem/,
    );
    expect(registry.store.state()).toBe(before);
  });

  it.each([
    ['broken JSON', 'application/json', '{"name":', 400, 'malformed-request'],
    ['another type', 'text/plain', 'name=x', 415, 'unsupported-media-type'],
    ['a form', 'application/x-www-form-urlencoded', 'name=x', 415, 'unsupported-media-type'],
    ['another charset', 'application/json; charset=latin1', '{}', 415, 'unsupported-media-type'],
    [
      'too much',
      'application/json',
      `{"name":"${'x'.repeat(1_100_000)}"}`,
      413,
      'request-too-large',
    ],
    ['a list', 'application/json', '[]', 422, 'validation-failed'],
    ['nothing', 'application/json', '', 422, 'validation-failed'],
  ])('refuses %s and loses nothing', async (_what, type, body, status, code) => {
    await register();
    const before = registry.store.state();
    for (const [method, path] of [
      ['post', '/api/servers'],
      ['put', '/api/servers/weather'],
    ] as const) {
      const answer = await call(method, path).set('Content-Type', type).send(body);
      expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ code })]);
    }
    expect(registry.store.state().catalog).toBe(before.catalog);
  });

  it('says which compression it takes', async () => {
    const answer = await call('post', '/api/servers').set('Content-Encoding', 'zip').send(WEATHER);
    expect(answer.status).toBe(415);
    expect(answer.body).toMatchObject({
      code: 'unsupported-media-type',
      detail: expect.stringContaining('gzip, deflate or br'),
    });
  });

  it('answers 409 to a path that is taken, however it is spelt', async () => {
    await register();
    const answer = await register({ ...WEATHER, path: 'weather/' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'path-taken', errors: [{ field: 'path' }] });
  });

  it('changes what PATCH names and keeps the rest; PUT gives defaults to the rest', async () => {
    await register({ ...WEATHER, description: 'Rain', tags: ['eu'] });
    const patched = await call('patch', '/api/servers/weather').send({ name: 'Sun' });
    expect(patched.body).toMatchObject({ name: 'Sun', description: 'Rain', tags: ['eu'] });
    const put = await call('put', '/api/servers/weather').send(WEATHER);
    expect(put.body).toMatchObject({ name: 'Weather', description: '', tags: [] });
  });

  it('takes, shows and takes away limits, and names what is wrong with one', async () => {
    const limits = { callsPerMinute: 60, tools: [{ name: 'echo', callsPerMinute: 5, burst: 1 }] };
    expect((await register()).body).toMatchObject({ limits: {} });
    const change = (body: object) => call('patch', '/api/servers/weather').send(body);
    expect((await change({ limits })).body).toMatchObject({ limits });
    expect((await change({ name: 'Sun' })).body).toMatchObject({ limits });
    const wrong = await change({ limits: { tools: [{ name: 'echo', callsPerMinute: 0 }] } });
    expect(wrong.status).toBe(422);
    expect(errorsOf(wrong).map(({ field }) => field)).toEqual(['limits.tools.0.callsPerMinute']);
    expect((await change({ limits: {} })).body).toMatchObject({ limits: {} });
    await change({ limits });
    const put = await call('put', '/api/servers/weather').send(WEATHER);
    expect(put.body).toMatchObject({ limits: {} });
  });

  it('moves a server to another path', async () => {
    await register();
    const moved = await call('patch', '/api/servers/weather').send({ path: '/team/weather' });
    expect(moved.body).toMatchObject({ path: '/team/weather' });
    expect((await call('get', '/api/servers/weather')).status).toBe(404);
  });

  it('changes nothing when a change changes nothing', async () => {
    const first = await register();
    const before = registry.store.state();
    const again = await call('patch', '/api/servers/weather').send({ name: 'Weather', tags: [] });
    expect([again.status, again.headers.etag]).toEqual([200, first.headers.etag]);
    expect(registry.store.state()).toBe(before);
  });

  it('lets only the one change through that knows the present revision', async () => {
    const { headers } = await register();
    const change = (etag: string) =>
      call('patch', '/api/servers/weather')
        .set('If-Match', etag)
        .send({ name: `By ${etag}` });
    expect((await change('garbage')).body).toMatchObject({ code: 'precondition-malformed' });
    expect((await change('"999"')).body).toMatchObject({ code: 'revision-conflict', status: 412 });
    expect((await change(headers.etag ?? '')).status).toBe(200);
    expect((await change(headers.etag ?? '')).status).toBe(412);
    expect((await change('*')).status).toBe(200);
    for (const verb of ['enable', 'disable']) {
      const late = call('post', `/api/servers/weather/${verb}`).set('If-Match', headers.etag ?? '');
      expect((await late).body).toMatchObject({ code: 'revision-conflict', status: 412 });
    }
    const remove = (etag: string) => call('delete', '/api/servers/weather').set('If-Match', etag);
    expect((await remove(headers.etag ?? '')).status).toBe(412);
    const now = await call('get', '/api/servers/weather');
    expect((await remove(now.headers.etag ?? '')).status).toBe(200);
  });

  it('loses no update when many arrive together', async () => {
    const { headers } = await register();
    const etag = headers.etag ?? '';
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        call('patch', '/api/servers/weather')
          .set('If-Match', etag)
          .send({ name: `N${index}` }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  it('enables and disables, and does so twice without a second commit', async () => {
    await register();
    const on = await call('post', '/api/servers/weather/enable');
    expect(on.status).toBe(200);
    expect(on.body).toMatchObject({ enabled: true, gateway: { state: 'applied' } });
    const { revision } = registry.store.state();
    expect((await call('post', '/api/servers/weather/enable')).status).toBe(200);
    expect(registry.store.state().revision).toBe(revision);
    const off = await call('post', '/api/servers/weather/disable');
    expect(off.body).toMatchObject({ enabled: false });
  });

  it('tells that nginx rejected a change', async () => {
    await register();
    registry.gateway.setStatus({ state: 'rejected', reason: 'nginx says no' });
    const answer = await call('post', '/api/servers/weather/enable');
    expect(answer.body).toMatchObject({
      enabled: true,
      gateway: { state: 'rejected', generation: 'abc123', reason: 'nginx says no' },
    });
  });

  it('says why the store takes no changes', async () => {
    registry.store.setHealth({ writable: false, reason: 'The file is damaged.', remedy: 'mv it' });
    const answer = await call('delete', '/api/servers/weather');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'store-read-only', detail: 'The file is damaged.' });
  });

  it('removes a server and answers with the outcome', async () => {
    await register();
    const answer = await call('delete', '/api/servers/weather');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      path: '/weather',
      gateway: { state: 'applied', generation: 'abc123' },
    });
    expect((await call('delete', '/api/servers/weather')).body).toMatchObject({
      code: 'server-not-found',
    });
  });

  it.each([
    ['get', 'weather', '/weather'],
    ['get', '/weather', '/weather'],
    ['get', 'weather/', '/weather'],
    ['get', '%2Fweather', '/weather'],
    ['get', 'team/weather', '/team/weather'],
    ['get', 'team%2Fweather', '/team/weather'],
    ['get', 'team%2fweather', '/team/weather'],
    ['get', '%2Fteam%2Fweather', '/team/weather'],
    ['get', '/team/weather/', '/team/weather'],
    ['post', 'team/weather/enable', '/team/weather'],
    ['post', 'team%2Fweather/enable', '/team/weather'],
    ['post', '%2Fteam%2Fweather/disable', '/team/weather'],
    ['post', 'team/enable', '/team'],
    ['get', 'team%2Fenable', '/team/enable'],
    ['post', 'team/enable/enable', '/team/enable'],
    ['post', 'team%2Fenable/refresh', '/team/enable'],
  ] as const)('takes %s %s to mean %s', async (method, spelling, path) => {
    for (const each of ['/weather', '/team', '/team/weather', '/team/enable']) {
      await register({ ...WEATHER, path: each });
    }
    const answer = await call(method, `/api/servers/${spelling}`);
    expect([answer.status, (answer.body as { path: string }).path]).toEqual([200, path]);
  });

  it.each(['Weather', '%2e%2e%2fetc', 'a%00b', 'weather%20', 'a/b/c/d', 'we"ather', 'api'])(
    'answers 404 to %s',
    async (spelling) => {
      const answer = await call('get', `/api/servers/${spelling}`);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ code: 'server-not-found' });
    },
  );

  it('answers 400 to a path with a broken escape', async () => {
    const answer = await call('get', '/api/servers/%zz');
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json']);
  });

  it('lists in the order of paths, page by page, with the last page without a cursor', async () => {
    for (const name of ['d', 'a', 'c', 'b', 'e']) await register({ ...WEATHER, path: name });
    const first = await call('get', '/api/servers?limit=2');
    expect([pathsOf(first), first.body]).toEqual([
      ['/a', '/b'],
      expect.objectContaining({ total: 5 }),
    ]);
    const next = (answer: Answer) => (answer.body as { nextCursor?: string }).nextCursor ?? '';
    await call('delete', '/api/servers/a');
    const second = await call('get', `/api/servers?limit=2&cursor=${next(first)}`);
    expect(pathsOf(second)).toEqual(['/c', '/d']);
    const last = await call('get', `/api/servers?limit=2&cursor=${next(second)}`);
    expect(pathsOf(last)).toEqual(['/e']);
    expect(last.body).not.toHaveProperty('nextCursor');
  });

  it('filters by words, tag and status', async () => {
    await register({ ...WEATHER, path: 'a', description: 'Rain in Spain', tags: ['eu'] });
    await register({ ...WEATHER, path: 'b', enabled: true });
    await register({ ...WEATHER, path: 'c', enabled: true });
    registry.monitor.setHealth('/b', { reachable: 'no', usable: 'unknown', cause: 'tcp' });
    registry.gateway.setStatus({
      exclusions: [{ path: '/c', reason: 'upstream-unresolved', detail: 'no such name' }],
    });
    const list = async (query: string) => pathsOf(await call('get', `/api/servers?${query}`));
    expect(await list('query=spain%20WEATHER')).toEqual(['/a']);
    expect(await list('tag=eu')).toEqual(['/a']);
    expect(await list('status=enabled')).toEqual(['/b', '/c']);
    expect(await list('status=disabled')).toEqual(['/a']);
    expect(await list('status=issues')).toEqual(['/b', '/c']);
    expect(await list('query=nothing')).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'status=odd',
    'cursor=%21',
    'unknown=1',
    'tag=a&tag=b',
  ])('refuses the query %s', async (query) => {
    const answer = await call('get', `/api/servers?${query}`);
    expect(answer.status).toBe(422);
    expect(errorsOf(answer)).toHaveLength(1);
  });

  it('shows, and removes, records that cannot be read', async () => {
    const invalid = [
      { path: '/Bad Path', record: { name: 'Old', path: '/Bad Path' }, reason: 'path: wrong' },
      { path: '#3', record: 7, reason: 'not an object' },
    ];
    await registry.store.commit(({ catalog }) => ({ catalog: { ...catalog, invalid } }));
    await register();
    const list = await call('get', '/api/servers?status=issues');
    expect(pathsOf(list)).toEqual(['#3', '/Bad Path']);
    expect(serversOf(list)[1]).toMatchObject({
      name: 'Old',
      enabled: false,
      exclusion: { reason: 'invalid-record', detail: 'path: wrong' },
    });
    expect((await call('get', '/api/servers/%233')).body).toMatchObject({ path: '#3' });
    expect((await call('post', '/api/servers/%233/enable')).status).toBe(404);
    expect((await call('delete', '/api/servers/%2FBad%20Path')).status).toBe(200);
    expect((await call('delete', '/api/servers/%233')).status).toBe(200);
    expect(pathsOf(await call('get', '/api/servers'))).toEqual(['/weather']);
  });

  it('refreshes a server and tells what changed', async () => {
    await register();
    registry.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain', 'sun']));
    const answer = await call('post', '/api/servers/weather/refresh');
    expect(answer.body).toMatchObject({
      toolCount: 2,
      era: 'modern',
      detectedTransport: 'streamable-http',
      endpoint: 'http://weather:8000/mcp',
      changes: { tools: { added: ['rain', 'sun'], removed: [], changed: [] } },
      gateway: { state: 'applied' },
    });
  });

  it('forgets what was discovered at another address', async () => {
    await register();
    registry.monitor.setDiscovery('/weather', discoveryOf('http://elsewhere/', ['rain']));
    const answer = await call('get', '/api/servers/weather');
    expect(answer.body).toMatchObject({ toolCount: 0 });
    expect(answer.body).not.toHaveProperty('endpoint');
  });

  it('gives an SSE address to servers that speak the old transport', async () => {
    const answer = await register({ ...WEATHER, transport: 'sse' });
    expect(answer.body).toMatchObject({ sseUrl: 'https://gateway.example.com/weather/sse' });
  });

  it('is never told "not modified", because health changes without the revision', async () => {
    const { headers } = await register();
    const answer = await call('get', '/api/servers/weather').set(
      'If-None-Match',
      headers.etag ?? '',
    );
    expect(answer.status).toBe(200);
  });

  it('refuses strangers the same way whether a server exists or not', async () => {
    await register();
    const answers = await Promise.all(
      ['/api/servers/weather', '/api/servers/none'].map((path) => request(registry.app).get(path)),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });
});
