import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PullResult } from '../../registry/operations/imports/pull-registry.js';
import { createOutboundGuard } from '../../registry/upstream/outbound-guard.js';
import {
  createRegistryReader,
  type RegistryReaderLimits,
} from '../../registry/upstream/registry-reader.js';
import { startStandInRegistry, type StandInRegistry } from '../fixtures/stand-in-registry.js';
import { callAs, createTestRegistry, somebody, type TestRegistry } from './test-registry.js';

let source: StandInRegistry;
let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
const begin = async (limits: Partial<RegistryReaderLimits> = {}, allow?: readonly string[]) => {
  const policy = allow ? { mode: 'strict', allow } : { mode: 'private-allowed', allow: [] };
  const guard = createOutboundGuard({ policy, ownPorts: [] } as Parameters<
    typeof createOutboundGuard
  >[0]);
  registry = await createTestRegistry({}, () => ({}), undefined, {
    readRegistry: createRegistryReader({ guard, limits }),
  });
  admin = await callAs(registry, 'admin');
};
beforeEach(async () => {
  source = await startStandInRegistry();
  await begin();
});
afterEach(() => source.close());

const ask = (more: object = {}) =>
  admin('post', '/api/registries/pull').send({ url: source.url, ...more });
const pull = async (more: object = {}): Promise<PullResult> => {
  const answer = await ask(more);
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body as PullResult;
};
const serverAt = (path: string) =>
  [...registry.store.state().catalog.servers.values()].find((server) => server.path === path);
const outcomes = ({ results }: PullResult) => results.map(({ outcome }) => outcome);
const revision = () => registry.store.state().revision;
const RAIN = { name: 'org.example/rain', url: 'http://rain:1/mcp' };
const SNOW = { name: 'org.example/snow', url: 'http://snow:1/mcp' };

describe('a pull from a registry', () => {
  it('reads a list of 500 entries to its end and registers the servers, disabled', async () => {
    source.entries = Array.from({ length: 500 }, (_, at) => ({
      name: `org.example/server-${at}`,
      // Each fifth is a package that somebody would have to run.
      ...(at % 5 > 0 && { url: `http://server-${at}:1/mcp` }),
    }));
    const before = revision();
    const dry = await pull({ dryRun: true });
    expect(revision()).toBe(before);
    const done = await pull();
    expect(done.results).toEqual(dry.results);
    expect(done.results).toHaveLength(500);
    expect(outcomes(done).filter((outcome) => outcome === 'created')).toHaveLength(400);
    expect(done.results[5]).toMatchObject({ outcome: 'refused', problems: [{ field: 'url' }] });
    expect(revision()).toBe(before + 1);
    expect(source.queries.slice(5).map((query) => query.get('cursor'))).toEqual([
      null,
      ...['100', '200', '300', '400'],
    ]);
    expect((await admin('get', '/api/servers/server-7')).body).toMatchObject({
      url: 'http://server-7:1/mcp',
      description: 'The server org.example/server-7',
      transport: 'streamable-http',
      enabled: false,
      owner: 'admin',
      origin: {
        registry: source.url,
        name: 'org.example/server-7',
        version: '1.0.0',
        status: 'active',
        pulledAt: expect.any(String),
      },
    });
    // The whole list once more changes nothing.
    expect(new Set(outcomes(await pull()))).toEqual(new Set(['unchanged', 'refused']));
    expect(revision()).toBe(before + 1);
    const lines = registry.auditLog.entries.filter(({ action }) => action === 'server.pull');
    expect(lines).toMatchObject([{ outcome: 'ok', also: { length: 400 } }]);
  });

  it.each<[string, 'patch' | 'delete', object, number]>([
    ['was disabled', 'patch', { disabled: true }, 401],
    ['was removed', 'delete', {}, 401],
    ['became a viewer', 'patch', { roles: ['viewer'] }, 403],
  ])('takes over nothing for somebody who %s while it read', async (_how, method, body, status) => {
    let whileReading = () => Promise.resolve<unknown>(undefined);
    registry = await createTestRegistry({}, () => ({}), undefined, {
      readRegistry: async () => {
        await whileReading();
        return [{ server: { ...RAIN, remotes: [{ type: 'streamable-http', url: RAIN.url }] } }];
      },
    });
    admin = await callAs(registry, 'admin');
    const developer = await somebody(registry, 'developer');
    whileReading = () => admin(method, '/api/users/some-developer').send(body);
    const answer = await developer('post', '/api/registries/pull').send({ url: source.url });
    expect([answer.status, serverAt('/rain')]).toEqual([status, undefined]);
    whileReading = () => Promise.resolve();
    expect(outcomes(await pull())).toEqual(['created']);
  });

  it('takes over later what has changed since, and only that', async () => {
    source.entries = [RAIN, SNOW];
    const { changedUntil } = await pull();
    expect(changedUntil).toBe('2025-11-01T00:00:00.000Z');
    const snow = serverAt('/snow');
    const updatedAt = '2025-12-01T00:00:00.000Z';
    source.entries = [{ ...RAIN, version: '1.1.0', updatedAt }, SNOW];
    const second = await pull({ updatedSince: '2025-11-02T00:00:00Z' });
    expect(second).toMatchObject({
      changedUntil: updatedAt,
      results: [{ name: RAIN.name, path: '/rain', outcome: 'updated' }],
    });
    expect(serverAt('/rain')?.origin).toMatchObject({ version: '1.1.0' });
    expect(serverAt('/snow')).toBe(snow);
    const since = '2025-12-02T00:00:00Z';
    expect(await pull({ updatedSince: since })).toMatchObject({ changedUntil: since, results: [] });
  });

  it('knows a server again under another path, and keeps what was changed here', async () => {
    source.entries = [RAIN];
    await pull();
    await admin('patch', '/api/servers/rain').send({ path: '/wet', tags: ['mine'] });
    expect(outcomes(await pull())).toEqual(['unchanged']);
    source.entries = [{ ...RAIN, url: 'http://rain:2/mcp', version: '2.0.0' }];
    expect((await pull()).results).toMatchObject([
      { path: '/wet', outcome: 'kept', problems: [{ field: 'url' }] },
    ]);
    expect(serverAt('/wet')).toMatchObject({
      url: 'http://rain:1/mcp',
      origin: { version: '1.0.0' },
    });
    expect(outcomes(await pull({ existing: 'update' }))).toEqual(['updated']);
    expect(serverAt('/wet')).toMatchObject({
      url: 'http://rain:2/mcp',
      tags: ['mine'],
      origin: { version: '2.0.0' },
    });
    expect(registry.store.state().catalog.servers.size).toBe(1);
  });

  it('disables and marks what the registry has deleted, once, and removes nothing', async () => {
    source.entries = [RAIN, SNOW];
    await pull();
    await admin('post', '/api/servers/rain/enable');
    source.entries = [
      { ...RAIN, status: 'deleted' },
      { ...SNOW, status: 'deprecated' },
      { name: 'org.example/hail', url: 'http://hail:1/mcp', status: 'deleted' },
    ];
    const told = await pull();
    expect(told.results).toMatchObject([
      { path: '/rain', outcome: 'updated', notes: { 1: expect.stringContaining('now disabled') } },
      { path: '/snow', outcome: 'updated', notes: { 0: expect.stringContaining('deprecated') } },
      { name: 'org.example/hail', outcome: 'refused', problems: [{ field: 'url' }] },
    ]);
    expect(serverAt('/rain')).toMatchObject({ enabled: false, origin: { status: 'deleted' } });
    expect(serverAt('/snow')).toMatchObject({ origin: { status: 'deprecated' } });
    expect(serverAt('/hail')).toBeUndefined();
    await admin('post', '/api/servers/rain/enable');
    expect(outcomes(await pull())).toEqual(['unchanged', 'unchanged', 'refused']);
    expect(serverAt('/rain')).toMatchObject({ enabled: true });
    source.entries = [RAIN, SNOW];
    await pull();
    expect(serverAt('/rain')).toMatchObject({ enabled: true, origin: { status: 'active' } });
  });

  it('leaves paths to those who have them, and takes up what was registered by hand', async () => {
    const byHand = { name: 'By hand', path: '/rain', url: 'http://other:1/mcp' };
    await admin('post', '/api/servers').send(byHand);
    await admin('post', '/api/servers').send({ name: 'S', path: '/cold', url: SNOW.url });
    source.entries = [RAIN, { ...RAIN, name: 'com.example/rain', url: 'http://rain:3/mcp' }, SNOW];
    expect((await pull({ existing: 'update' })).results).toMatchObject([
      { path: '/rain-2', outcome: 'created' },
      { path: '/rain-3', outcome: 'created' },
      { path: '/cold', outcome: 'updated' },
    ]);
    expect(serverAt('/rain')).not.toHaveProperty('origin');
    expect(serverAt('/cold')?.origin).toMatchObject({ name: SNOW.name });
  });

  it('keeps where servers came from through an export and an import', async () => {
    source.entries = [RAIN, { ...SNOW, status: 'deprecated' }];
    await pull();
    const { body: file } = (await admin('get', '/api/export')) as { body: object };
    const origins = [serverAt('/rain')?.origin, serverAt('/snow')?.origin];
    expect(origins).not.toContain(undefined);
    await begin();
    await admin('post', '/api/import').send({ text: JSON.stringify(file) });
    expect([serverAt('/rain')?.origin, serverAt('/snow')?.origin]).toEqual(origins);
    expect((await admin('get', '/api/export')).body).toMatchObject({
      servers: (file as { servers: object }).servers,
    });
    expect(outcomes(await pull())).toEqual(['unchanged', 'unchanged']);
  });

  it.each([
    ['gives a cursor for the second time', 'cursor'],
    ['does not answer with a list', 'garbage'],
    ['does not answer with a list', 'numbers'],
    ['is busy (HTTP 429); pull again in 30 seconds', 'busy'],
    ['did not answer in time', 'hang'],
    ['did not answer in time', 'drip'],
    ['has no list at /v0.1/servers', 'missing'],
    ['redirects to http://elsewhere/', 'redirect'],
    ['sends without end', 'flood'],
    ['lists more than', 'many'],
    ['closed the connection', 'cut'],
  ] as const)('says that a registry %s (%s), and changes nothing', async (message, how) => {
    await begin({ pageMs: 300, totalMs: 2000, bytes: 100_000, entries: 3 });
    source.entries = [RAIN];
    await pull();
    const before = registry.store.state();
    source.misbehave = (_request, response) => {
      const list = (servers: object[], nextCursor?: string) =>
        response.end(JSON.stringify({ servers, metadata: { nextCursor } }));
      const ways = {
        cursor: () => list([], 'again'),
        garbage: () => response.end('<html>'),
        numbers: () => response.end('{"servers":[1]}'),
        busy: () => response.writeHead(429, { 'retry-after': '30' }).end(),
        hang: () => undefined,
        drip: () => response.write('{"servers":'),
        missing: () => response.writeHead(404).end(),
        redirect: () => response.writeHead(302, { location: 'http://elsewhere/' }).end(),
        flood: () => response.end('x'.repeat(200_000)),
        many: () => list([{}, {}, {}, {}]),
        cut: () => response.destroy(),
      };
      ways[how]();
    };
    const answer = await ask({ existing: 'update' });
    expect(answer.body).toMatchObject({
      code: 'registry-pull-failed',
      detail: expect.stringContaining(message),
    });
    expect(answer.status).toBe(502);
    expect(registry.store.state()).toBe(before);
  });

  it('asks nobody whom the outbound policy forbids', async () => {
    await begin({}, ['10.0.0.0/8']);
    const answer = await ask();
    expect(answer.body).toMatchObject({ code: 'upstream-refused-by-policy' });
    expect(source.queries).toEqual([]);
  });

  it.each([
    ['url', { url: 'ftp://registry' }],
    ['url', { url: 'http://registry/?x=1' }],
    ['url', { url: 'http://user:word@registry/' }],
    ['updatedSince', { updatedSince: 'yesterday' }],
    ['existing', { existing: 'replace' }],
    ['wrong', { wrong: 1 }],
  ])('names the field %s of an input that it does not take', async (field, input) => {
    const answer = await ask(input);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it.each(['', '/', '/v0.1', '/v0/', '/v0.1/servers'])(
    'takes the URL of a registry with %j at its end',
    async (end) => {
      source.entries = [RAIN];
      const { registry: url, results } = await pull({ url: source.url + end, search: 'rain' });
      expect([url, results.length]).toEqual([source.url, 1]);
      expect(source.queries[0]?.get('search')).toBe('rain');
    },
  );
});

describe('a registry that is followed', () => {
  const follow = async (more: object = {}) => {
    const answer = await admin('post', '/api/registries').send({ url: source.url, ...more });
    expect(answer.status).toBe(201);
    return (answer.body as { id: string }).id;
  };
  const followed = async () =>
    ((await admin('get', '/api/registries')).body as { registries: object[] }).registries;
  const pullFrom = (id: string, more: object = {}) =>
    admin('post', `/api/registries/${id}/pull`).send(more);

  it('is asked only for what has changed since the last pull', async () => {
    source.entries = [RAIN, SNOW];
    const id = await follow();
    expect((await pullFrom(id, { dryRun: true })).body).toMatchObject({ results: { length: 2 } });
    expect(await followed()).toEqual([
      { id, url: source.url, existing: 'keep', owner: 'admin', createdAt: expect.any(String) },
    ]);
    await pullFrom(id);
    expect(await followed()).toMatchObject([
      { changedUntil: '2025-11-01T00:00:00.000Z', lastPull: { outcomes: { created: 2 } } },
    ]);
    const updatedAt = '2025-12-01T00:00:00.000Z';
    source.entries = [{ ...RAIN, version: '1.1.0', updatedAt }, SNOW];
    await pullFrom(id);
    source.entries = [RAIN, { ...SNOW, status: 'deleted', updatedAt }];
    expect((await pullFrom(id)).body).toMatchObject({
      results: [{ path: '/snow', outcome: 'updated' }],
    });
    expect(source.queries.map((query) => query.get('updated_since'))).toEqual([
      null,
      null,
      '2025-11-01T00:00:00.000Z',
      updatedAt,
    ]);
    await pullFrom(id, { full: true });
    expect(source.queries.at(-1)?.has('updated_since')).toBe(false);
  });

  it('keeps what it had, and says why, when a pull fails', async () => {
    source.entries = [RAIN];
    const id = await follow();
    await pullFrom(id);
    source.misbehave = (_request, response) => response.writeHead(500).end();
    expect((await pullFrom(id)).status).toBe(502);
    expect(await followed()).toMatchObject([
      {
        changedUntil: '2025-11-01T00:00:00.000Z',
        lastPull: { error: expect.stringContaining('answered HTTP 500') },
      },
    ]);
  });

  it('is changed field by field, and what is null is taken away', async () => {
    const id = await follow({ everyHours: 24, search: 'rain' });
    const change = async (body: object) =>
      (await admin('patch', `/api/registries/${id}`).send(body)).body as object;
    expect(await change({ everyHours: 6 })).toMatchObject({ id, everyHours: 6, search: 'rain' });
    expect(await change({ existing: 'update' })).toMatchObject({ everyHours: 6 });
    await change({ everyHours: null, search: null });
    const plain = { id, url: source.url, existing: 'update', owner: 'admin' };
    expect(await followed()).toEqual([{ ...plain, createdAt: expect.any(String) }]);
    const before = registry.store.state();
    expect(await change({ everyHours: null })).toMatchObject(plain);
    expect(registry.store.state()).toBe(before);
    expect(await change({ everyHours: 721, url: 'http://other', owner: 'dora' })).toMatchObject({
      errors: [
        { field: 'everyHours', message: 'must be at most 720' },
        { field: 'url', message: expect.stringContaining('remove this one') },
        { field: 'owner' },
      ],
    });
    await follow({ search: 'snow' });
    expect(await change({ search: 'snow' })).toMatchObject({
      errors: [{ field: 'search', message: expect.stringContaining('choose another') }],
    });
    const lines = registry.auditLog.entries.filter(({ action }) => action === 'registry.update');
    expect(lines.map(({ outcome, target }) => [outcome, target.id])).toEqual([
      ...Array.from({ length: 4 }, () => ['ok', id]),
      ...Array.from({ length: 2 }, () => ['validation-failed', id]),
    ]);
    expect(lines[0]).toMatchObject({ before: { everyHours: 24 }, after: { everyHours: 6 } });
  });

  it('is read as a whole once other servers are wanted of it', async () => {
    source.entries = [RAIN, SNOW];
    const id = await follow({ search: 'rain' });
    await pullFrom(id);
    await admin('patch', `/api/registries/${id}`).send({ everyHours: 24 });
    await pullFrom(id);
    expect(source.queries.at(-1)?.has('updated_since')).toBe(true);
    // What is found while somebody changes the search is of the old one.
    source.misbehave = (_request, response) => {
      source.misbehave = undefined;
      admin('patch', `/api/registries/${id}`)
        .send({ search: 'snow' })
        .end(() => response.end('{"servers":[],"metadata":{}}'));
    };
    expect((await pullFrom(id)).status).toBe(200);
    await pullFrom(id);
    expect(Object.fromEntries(source.queries.at(-1) ?? [])).toMatchObject({ search: 'snow' });
    expect(source.queries.at(-1)?.has('updated_since')).toBe(false);
    expect(serverAt('/snow')).toBeDefined();
  });

  it('is seen, changed, pulled from and dropped by those who added it, and by administrators', async () => {
    const dora = await somebody(registry, 'developer');
    const own = (await dora('post', '/api/registries').send({ url: `${source.url}/own` })).body as {
      id: string;
    };
    const id = await follow();
    expect((await dora('get', '/api/registries')).body).toMatchObject({
      registries: [{ id: own.id, owner: 'some-developer' }],
    });
    expect((await dora('post', `/api/registries/${id}/pull`)).status).toBe(404);
    expect((await dora('patch', `/api/registries/${id}`).send({})).status).toBe(404);
    expect((await dora('delete', `/api/registries/${id}`)).status).toBe(404);
    expect(await followed()).toMatchObject([{ id: own.id }, { id }]);
    expect((await admin('delete', `/api/registries/${own.id}`)).status).toBe(204);
  });

  it('is followed once, and no longer when somebody says so', async () => {
    const id = await follow({ everyHours: 24 });
    expect((await admin('post', '/api/registries').send({ url: source.url })).body).toMatchObject({
      errors: [{ field: 'url', message: 'is followed already' }],
    });
    expect((await admin('delete', `/api/registries/${id}`)).status).toBe(204);
    expect(await followed()).toEqual([]);
    for (const gone of [
      await admin('delete', `/api/registries/${id}`),
      await admin('post', `/api/registries/${id}/pull`),
      await admin('patch', `/api/registries/${id}`).send({ everyHours: 1 }),
    ]) {
      expect([gone.status, gone.body]).toMatchObject([404, { code: 'registry-not-found' }]);
    }
    const lines = registry.auditLog.entries.filter(({ target }) => target.type === 'registry');
    expect(lines.map(({ action, outcome, target }) => [action, outcome, target.id])).toEqual([
      ['registry.add', 'ok', id],
      ['registry.add', 'validation-failed', undefined],
      ['registry.remove', 'ok', id],
      ['registry.remove', 'registry-not-found', id],
      ['registry.update', 'registry-not-found', id],
    ]);
  });
});
