import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { makeEntry } from '../unit/audit/audit-records.js';
import {
  callAs,
  createTestRegistry,
  PASSWORD,
  WEATHER,
  type TestRegistry,
} from './test-registry.js';

let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
beforeEach(async () => {
  registry = await createTestRegistry();
  admin = await callAs(registry, 'admin');
});

/** A person with the role, in a session. */
async function personWith(role: string, groups: readonly string[] = []) {
  const username = `${role}-person`;
  const user = { username, password: PASSWORD, roles: [role], groups };
  await admin('post', '/api/users').send(user);
  const agent = request.agent(registry.app);
  const login = await agent.post('/api/login').send({ username, password: PASSWORD });
  const { csrfToken } = login.body as { readonly csrfToken: string };
  return { agent, csrfToken };
}

const actionsOf = (body: unknown) =>
  (body as { readonly entries: readonly { readonly action: string }[] }).entries.map(
    ({ action }) => action,
  );

describe('the activity of a server', () => {
  it('is what was done to it and its tools, by pages', async () => {
    await admin('post', '/api/servers').send(WEATHER);
    await admin('post', '/api/servers').send({ ...WEATHER, path: '/other' });
    await admin('post', '/api/servers/weather/enable');
    await admin('post', '/api/servers/weather/tools/rain/call').send({});
    const first = await admin('get', '/api/servers/weather/activity').query({ limit: 2 });
    expect(actionsOf(first.body)).toEqual(['tool.call', 'server.enable']);
    const { nextCursor: cursor } = first.body as { readonly nextCursor: string };
    const second = await admin('get', '/api/servers/weather/activity').query({ cursor });
    expect(actionsOf(second.body)).toEqual(['server.register']);
    expect(second.body).not.toHaveProperty('nextCursor');
  });

  it('is shown to its owner, since it is theirs', async () => {
    const { agent, csrfToken } = await personWith('developer');
    const earlier = { time: '2026-01-01T00:00:00.000Z' };
    registry.auditLog.record(makeEntry('of another server there before', earlier));
    await agent.post('/api/servers').set('X-CSRF-Token', csrfToken).send(WEATHER);
    const mine = await agent.get('/api/servers/weather/activity');
    expect(actionsOf(mine.body)).toEqual(['server.register']);
    const all = await admin('get', '/api/servers/weather/activity');
    expect(actionsOf(all.body)).toEqual(['server.register', 'server.enable']);
  });

  it('begins for its owner when it was moved there', async () => {
    const { agent, csrfToken } = await personWith('developer');
    const own = { ...WEATHER, path: '/own' };
    await agent.post('/api/servers').set('X-CSRF-Token', csrfToken).send(own);
    registry.clock.advance(1000);
    await admin('post', '/api/servers').send(WEATHER);
    await admin('delete', '/api/servers/weather');
    registry.clock.advance(1000);
    const move = agent.patch('/api/servers/own').set('X-CSRF-Token', csrfToken);
    expect((await move.send({ path: WEATHER.path })).status).toBe(200);
    registry.clock.advance(1000);
    await agent.post('/api/servers/weather/enable').set('X-CSRF-Token', csrfToken);
    const seen = await agent.get('/api/servers/weather/activity');
    expect(actionsOf(seen.body)).toEqual(['server.enable']);
  });

  it('is not shown to others', async () => {
    await admin('post', '/api/servers').send({ ...WEATHER, access: 'public' });
    await admin('post', '/api/servers').send({ ...WEATHER, path: '/hidden' });
    for (const role of ['viewer', 'developer', 'operator']) {
      const { agent } = await personWith(role);
      const seen = await agent.get('/api/servers/weather/activity');
      expect([role, seen.status]).toEqual([role, 403]);
    }
    const { agent } = await personWith('viewer');
    expect((await agent.get('/api/servers/hidden/activity')).status).toBe(404);
    expect((await admin('get', '/api/servers/none/activity')).status).toBe(404);
    const odd = await admin('get', '/api/servers/weather/activity').query({ actor: 'x' });
    expect(odd.status).toBe(422);
  });
});
