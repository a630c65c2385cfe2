import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
let agentToken: { readonly id: string; readonly token: string };

beforeEach(async () => {
  registry = await createTestRegistry();
  admin = await callAs(registry, 'admin');
  await admin('post', '/api/servers').send({ ...WEATHER, enabled: true });
  await admin('post', '/api/groups').send({ name: 'rain', servers: ['/w*'], tools: ['rain'] });
  await admin('post', '/api/groups').send({ name: 'other', servers: ['/other'], tools: ['*'] });
  const user = { username: 'ada', password: 'a long pass phrase', roles: ['viewer'] };
  await admin('post', '/api/users').send({ ...user, groups: ['rain'] });
  const made = await admin('post', '/api/tokens').send({ name: 'agent', groups: ['rain'] });
  agentToken = made.body as typeof agentToken;
});

const explain = async (input: object) => {
  const { status, body } = (await admin('post', '/api/access/explain').send(input)) as {
    readonly status: number;
    readonly body: object;
  };
  return { status, ...body };
};

describe('an explanation of access', () => {
  it('is given for a token, a user and groups', async () => {
    const server = '/weather';
    for (const who of [{ token: agentToken.id }, { user: 'ada' }, { groups: ['rain'] }]) {
      expect(await explain({ ...who, server, tool: 'rain' })).toMatchObject({
        status: 200,
        allowed: true,
        access: 'some',
        rules: [
          { group: 'rain', effect: 'allow', pattern: '/w*', matches: 'server' },
          { group: 'rain', effect: 'allow', pattern: 'rain', matches: 'tool' },
        ],
      });
      expect(await explain({ ...who, server, tool: 'snow' })).toMatchObject({ allowed: false });
    }
    expect(await explain({ user: 'admin', server })).toMatchObject({ access: 'all', rules: [] });
  });

  it('is refused when it does not say whose, or names what there is not', async () => {
    const server = '/weather';
    for (const who of [{}, { user: 'ada', groups: [] }]) {
      expect(await explain({ ...who, server })).toMatchObject({
        status: 422,
        errors: [{ field: 'token', message: expect.stringContaining('exactly one') }],
      });
    }
    expect(await explain({ token: 'x', server })).toMatchObject({ code: 'token-not-found' });
    expect(await explain({ user: 'x', server })).toMatchObject({ code: 'user-not-found' });
    expect(await explain({ user: 'ada', server: '/x' })).toMatchObject({
      code: 'server-not-found',
    });
  });

  it('of others is for those who manage them', async () => {
    const read = await callAs(registry, 'read');
    const ask = (who: object) =>
      read('post', '/api/access/explain').send({ ...who, server: '/weather' });
    expect((await ask({ user: 'ada' })).body).toMatchObject({ code: 'forbidden' });
    expect((await ask({ user: 'admin' })).status).toBe(200);
    expect((await ask({ groups: ['rain'] })).status).toBe(200);
  });
});

describe('the access to a server', () => {
  it('is told with groups, users and tokens', async () => {
    const { body } = (await admin('get', '/api/servers/weather/access')) as { body: unknown };
    expect(body).toMatchObject({
      access: 'authenticated',
      groups: [{ name: 'rain', tools: ['rain'], denyTools: [], grants: 'some' }],
      users: [
        { username: 'admin', grants: 'all', via: 'administrators may use everything' },
        { username: 'ada', grants: 'some', via: 'groups: rain' },
      ],
    });
    const { tokens } = body as { readonly tokens: readonly object[] };
    const { id } = agentToken;
    expect(tokens).toContainEqual({ id, name: 'agent', owner: 'admin', grants: 'some' });
    expect(JSON.stringify(body)).not.toMatch(/sha256|mcpgw_/);
  });

  it('leaves users and tokens out for those who do not manage them', async () => {
    const read = await callAs(registry, 'read');
    const answer = await read('get', '/api/servers/weather/access');
    expect(Object.keys(answer.body as object)).toEqual(['access', 'groups']);
    const agent = await request(registry.app)
      .get('/api/servers/weather/access')
      .set('Authorization', `Bearer ${agentToken.token}`);
    expect(agent.status).toBe(403);
  });
});
