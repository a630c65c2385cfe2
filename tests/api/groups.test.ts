import { describe, expect, it } from '@jest/globals';
import { callAs, createTestRegistry } from './test-registry.js';

const AT = '2026-01-02T03:04:05.000Z';
const WEATHER = { name: 'weather', servers: ['/weather', '/team/*'], tools: ['get_*'] };

async function setUp(initial: Parameters<typeof createTestRegistry>[0] = {}) {
  const registry = await createTestRegistry(initial);
  return { registry, call: await callAs(registry, 'admin'), read: await callAs(registry, 'read') };
}

describe('groups', () => {
  it('are created, listed by name, changed and removed', async () => {
    const { call, read } = await setUp();
    const created = await call('post', '/api/groups').send(WEATHER);
    expect([created.status, created.headers.location]).toEqual([201, '/api/groups/weather']);
    const group = {
      ...WEATHER,
      description: '',
      denyTools: [],
      createdAt: AT,
      updatedAt: AT,
      tokens: 0,
      users: 0,
    };
    expect(created.body).toEqual(group);

    await call('post', '/api/groups').send({ name: 'alpha' });
    const list = await read('get', '/api/groups');
    expect((list.body as { groups: { name: string }[] }).groups.map(({ name }) => name)).toEqual([
      'alpha',
      'weather',
    ]);

    const changed = await call('patch', '/api/groups/weather').send({ denyTools: ['get_secret'] });
    expect([changed.status, changed.body]).toEqual([200, { ...group, denyTools: ['get_secret'] }]);
    expect((await read('get', '/api/groups/weather')).body).toEqual(changed.body);

    expect((await call('delete', '/api/groups/weather')).status).toBe(204);
    expect((await read('get', '/api/groups/weather')).body).toMatchObject({
      status: 404,
      code: 'group-not-found',
    });
  });

  it('may have slashes in their names, percent-encoded or plain', async () => {
    const { call } = await setUp();
    const created = await call('post', '/api/groups').send({ name: 'corp/team:a' });
    const location = String(created.headers.location);
    expect(location).toBe('/api/groups/corp%2Fteam%3Aa');
    for (const path of [location, '/api/groups/corp/team:a']) {
      expect((await call('get', path)).body).toMatchObject({ name: 'corp/team:a' });
    }
    expect((await call('delete', '/api/groups/corp/team:a')).status).toBe(204);
  });

  it('count the tokens and users that name them, which removing does not stop at', async () => {
    const { registry, call } = await setUp({
      accounts: [
        { username: 'admin', roles: ['admin'], groups: [], disabled: false, createdAt: AT },
        { username: 'vera', roles: ['viewer'], groups: ['g'], disabled: false, createdAt: AT },
      ],
    });
    await call('post', '/api/groups').send({ name: 'g' });
    for (const name of ['one', 'two']) {
      expect((await call('post', '/api/tokens').send({ name, groups: ['g'] })).status).toBe(201);
    }
    expect((await call('get', '/api/groups/g')).body).toMatchObject({ tokens: 2, users: 1 });
    expect((await call('delete', '/api/groups/g')).status).toBe(204);
    const { tokens, accounts } = registry.store.state();
    expect(tokens.filter(({ groups }) => groups.includes('g'))).toHaveLength(2);
    expect(accounts[1]?.groups).toEqual(['g']);
  });

  it('do not change when nothing is different', async () => {
    const { registry, call } = await setUp();
    await call('post', '/api/groups').send(WEATHER);
    const { revision } = registry.store.state();
    registry.clock.advance(1000);
    const answer = await call('patch', '/api/groups/weather').send({ servers: WEATHER.servers });
    expect([answer.status, answer.body]).toMatchObject([200, { updatedAt: AT }]);
    expect(registry.store.state().revision).toBe(revision);
  });

  it.each<[string, object, string, RegExp]>([
    ['a name with spaces', { name: 'a b' }, 'name', /1 to 120 letters/],
    [
      'a server without a slash',
      { name: 'a', servers: ['weather'] },
      'servers.0',
      /a path such as/,
    ],
    ['an empty tool', { name: 'a', tools: [''] }, 'tools.0', /1 characters|empty/],
    ['an unknown field', { name: 'a', deny: [] }, 'deny', /known fields are: name, description/],
    ['no name', {}, 'name', /is required/],
  ])('refuse %s', async (_what, body, field, message) => {
    const { call } = await setUp();
    const answer = await call('post', '/api/groups').send(body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: [{ field, message: expect.stringMatching(message) }],
    });
  });

  it('have each name once, and keep it', async () => {
    const { call } = await setUp();
    await call('post', '/api/groups').send(WEATHER);
    const again = await call('post', '/api/groups').send(WEATHER);
    expect(again.body).toMatchObject({ status: 409, code: 'group-name-taken' });
    const renamed = await call('patch', '/api/groups/weather').send({ name: 'other' });
    expect(renamed.body).toMatchObject({
      status: 422,
      errors: [{ field: 'name', message: expect.stringContaining('cannot be changed') }],
    });
    for (const method of ['patch', 'delete', 'get'] as const) {
      expect((await call(method, '/api/groups/none')).body).toMatchObject({
        code: 'group-not-found',
      });
    }
  });

  it('are recorded in the audit log', async () => {
    const { registry, call } = await setUp();
    await call('post', '/api/groups').send(WEATHER);
    await call('patch', '/api/groups/weather').send({ tools: [] });
    await call('delete', '/api/groups/weather');
    const listed = await call('get', '/api/audit?action=group.*');
    const { entries } = listed.body as { entries: { action: string; target: object }[] };
    expect(entries.map(({ action }) => action)).toEqual([
      'group.remove',
      'group.update',
      'group.create',
    ]);
    expect(entries.map(({ target }) => target)).toEqual(
      Array(3).fill({ type: 'group', id: 'weather' }),
    );
    expect(registry.store.state().groups).toEqual([]);
  });
});
