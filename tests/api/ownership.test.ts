import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../registry/access/principal.js';
import { callAs, createTestRegistry, somebody, WEATHER } from './test-registry.js';

const CHANGES = [
  ['patch', ''],
  ['put', ''],
  ['post', '/enable'],
  ['post', '/disable'],
  ['post', '/refresh'],
  ['delete', ''],
] as const;

describe('a server', () => {
  const PUBLIC_WEATHER = { ...WEATHER, access: 'public' };

  it.each<[Role, number[]]>([
    // patch, put, enable, disable, refresh, delete of a server that everybody sees and an administrator owns
    ['developer', [403, 403, 403, 403, 403, 403]],
    ['operator', [403, 403, 200, 200, 200, 403]],
    ['viewer', [403, 403, 403, 403, 403, 403]],
    ['admin', [200, 200, 200, 200, 200, 200]],
  ])('of somebody else is for the role %s', async (role, expected) => {
    const registry = await createTestRegistry();
    await (await callAs(registry, 'write'))('post', '/api/servers').send(PUBLIC_WEATHER);
    const call = await somebody(registry, role);
    const statuses = [];
    for (const [method, at] of CHANGES) {
      const sent = call(method, `/api/servers/weather${at}`);
      const answer = await (at === '' && method !== 'delete' ? sent.send(PUBLIC_WEATHER) : sent);
      statuses.push(answer.status);
    }
    expect(statuses).toEqual(expected);
  });

  it('of somebody else has nothing of a developer below or above it', async () => {
    const registry = await createTestRegistry();
    const admin = await callAs(registry, 'write');
    for (const path of ['/team', '/roots/x']) {
      await admin('post', '/api/servers').send({ ...WEATHER, path });
    }
    const call = await somebody(registry, 'developer');
    await call('post', '/api/servers').send({ ...WEATHER, path: '/own' });
    for (const path of ['/team/message', '/team/a/b', '/roots']) {
      const taken = { code: 'path-taken', errors: [{ field: 'path' }] };
      const made = await call('post', '/api/servers').send({ ...WEATHER, path });
      expect(made.body).toMatchObject(taken);
      const moved = await call('patch', '/api/servers/own').send({ path });
      expect(moved.body).toMatchObject(taken);
      const text = JSON.stringify({ servers: [{ ...WEATHER, path }] });
      const read = await call('post', '/api/import').send({ text });
      expect(read.body).toMatchObject({
        results: [{ outcome: 'refused', problems: [{ field: 'path' }] }],
      });
    }
    for (const path of ['/teams', '/roots-x', '/own/message', '/roots/y']) {
      const made = await call('post', '/api/servers').send({ ...WEATHER, path });
      expect([path, made.status]).toEqual([path, 201]);
    }
    const made = await admin('post', '/api/servers').send({ ...WEATHER, path: '/own/by-admin' });
    expect(made.status).toBe(201);
  });

  it('of its own is for a developer to change', async () => {
    const registry = await createTestRegistry();
    const call = await somebody(registry, 'developer');
    expect((await call('post', '/api/servers').send(WEATHER)).status).toBe(201);
    for (const [method, at] of CHANGES) {
      const sent = call(method, `/api/servers/weather${at}`);
      const answer = await (at === '' && method !== 'delete' ? sent.send(WEATHER) : sent);
      expect(answer.status).toBe(200);
    }
  });

  it('is given to another user by administrators alone', async () => {
    const registry = await createTestRegistry();
    const admin = await callAs(registry, 'write');
    await admin('post', '/api/servers').send(WEATHER).expect(201);
    const call = await somebody(registry, 'developer');
    const me = (await call('get', '/api/me')).body as { readonly username: string };
    await call('get', '/api/servers/weather').expect(404);

    const given = await admin('patch', '/api/servers/weather').send({ owner: me.username });
    expect(given.body).toMatchObject({ owner: me.username, url: WEATHER.url });
    await call('patch', '/api/servers/weather').send({ description: 'Mine.' }).expect(200);
    const own = await call('patch', '/api/servers/weather').send({ owner: me.username });
    expect(own.status).toBe(200);
    const away = await call('patch', '/api/servers/weather').send({ owner: 'admin' });
    expect([away.status, away.body]).toMatchObject([403, { code: 'forbidden' }]);
    const nobody = await admin('patch', '/api/servers/weather').send({ owner: 'nobody' });
    expect([nobody.status, nobody.body]).toMatchObject([422, { errors: [{ field: 'owner' }] }]);
    await admin('put', '/api/servers/weather')
      .send({ ...WEATHER, owner: 'admin' })
      .expect(422);
    const entries = await (
      await callAs(registry, 'admin')
    )('get', '/api/audit?action=server.update');
    expect(JSON.stringify(entries.body)).toContain(`"owner":"${me.username}"`);
  });
});
