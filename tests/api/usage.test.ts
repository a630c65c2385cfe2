import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashPassword } from '../../registry/access/password.js';
import type { Role } from '../../registry/access/principal.js';
import {
  callAs,
  createTestRegistry,
  PASSWORD,
  WEATHER,
  type TestRegistry,
} from './test-registry.js';

const AT = '2026-01-02T03:04:05.000Z';

let registry: TestRegistry;

async function sessionOf(username: string) {
  const agent = request.agent(registry.app);
  const login = await agent.post('/api/login').send({ username, password: PASSWORD });
  const { csrfToken } = login.body as { readonly csrfToken: string };
  return { agent, csrfToken };
}

beforeEach(async () => {
  const passwordHash = await hashPassword(PASSWORD);
  const account = (username: string, roles: Role[]) => ({
    username,
    passwordHash,
    roles,
    groups: [],
    disabled: false,
    createdAt: '2025-12-01T00:00:00.000Z',
  });
  registry = await createTestRegistry({
    accounts: [
      account('admin', ['admin']),
      account('dora', ['developer']),
      account('otto', ['operator']),
      account('vera', ['viewer']),
    ],
  });
  const admin = await callAs(registry, 'admin');
  await admin('post', '/api/servers').send({ ...WEATHER, access: 'public' });
  const { agent, csrfToken } = await sessionOf('dora');
  const own = { name: 'Own', path: '/own', url: 'http://own:8000/', access: 'authenticated' };
  await agent.post('/api/servers').set('X-CSRF-Token', csrfToken).send(own).expect(201);
  const at = registry.clock().getTime();
  registry.calls(
    { at, requestId: 'abc-1.000-1-1', principal: 'vera', durationMs: 10 },
    { at, requestId: 'abc-1.000-1-2', principal: '', status: 502, outcome: 'unreachable' },
    { at, requestId: 'abc-1.000-1-3', principal: 'otto', server: '/own', tool: '=cmd()' },
    { at: at - 60_000, principal: 'vera', era: 'legacy', tool: '', method: '' },
    { at: at - 3 * 86_400_000, principal: 'otto', server: '/own' },
  );
  registry.clock.advance(30_000);
});

const get = async (username: string, path: string) => {
  const { agent } = await sessionOf(username);
  return agent.get(path);
};

interface Usage {
  readonly from: string;
  readonly interval: string;
  readonly series: readonly { readonly at: string; readonly calls: number }[];
  readonly groups: readonly {
    readonly key: string;
    readonly calls: number;
    readonly errors: number;
  }[];
  readonly totals: { readonly calls: number; readonly errors: number; readonly callers: number };
}
const usageOf = async (username: string, query = '') => {
  const answer = await get(username, `/api/usage${query}`);
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body as Usage;
};

describe('GET /api/usage', () => {
  it('tells what was called in a day, with every hour of it', async () => {
    const usage = await usageOf('otto');
    expect(usage.interval).toBe('hour');
    expect(usage.from).toBe('2026-01-01T03:00:00.000Z');
    expect(usage.series).toHaveLength(25);
    expect(usage.series.at(-1)).toMatchObject({
      at: '2026-01-02T03:00:00.000Z',
      calls: 4,
      errors: 1,
    });
    expect(usage.totals).toMatchObject({ calls: 4, errors: 1, callers: 3 });
    expect(usage.groups).toEqual([]);
  });

  it.each([
    [
      'server',
      [
        ['/weather', 3],
        ['/own', 1],
      ],
    ],
    [
      'tool',
      [
        ['forecast', 2],
        ['=cmd()', 1],
        ['', 1],
      ],
    ],
    [
      'principal',
      [
        ['vera', 2],
        ['', 1],
        ['otto', 1],
      ],
    ],
    [
      'era',
      [
        ['modern', 3],
        ['legacy', 1],
      ],
    ],
    [
      'outcome',
      [
        ['ok', 3],
        ['unreachable', 1],
      ],
    ],
    [
      'status',
      [
        ['200', 3],
        ['502', 1],
      ],
    ],
  ])('groups by %s', async (by, expected) => {
    const { groups } = await usageOf('otto', `?by=${by}`);
    expect(groups.map(({ key, calls }) => [key, calls])).toEqual(expect.arrayContaining(expected));
    expect(groups).toHaveLength(expected.length);
  });

  it('filters by server, tool and caller', async () => {
    expect((await usageOf('otto', '?server=weather&tool=forecast')).totals.calls).toBe(2);
    expect((await usageOf('otto', '?principal=')).totals.calls).toBe(1);
    expect((await usageOf('otto', '?server=/nothing')).totals.calls).toBe(0);
    expect((await usageOf('otto', '?from=2025-12-01&interval=day')).totals.calls).toBe(5);
    expect((await usageOf('otto', '?by=principal&limit=1')).groups).toHaveLength(1);
  });

  it('is of one’s own calls for a viewer, and of the calls to one’s own servers for a developer', async () => {
    const vera = await usageOf('vera', '?by=principal');
    expect(vera.groups.map(({ key, calls }) => [key, calls])).toEqual([['vera', 2]]);
    const dora = await usageOf('dora', '?by=server&from=2025-12-01&interval=day');
    // What went to an earlier server at the path is not hers.
    expect(dora.groups.map(({ key, calls }) => [key, calls])).toEqual([['/own', 1]]);
  });

  it('does not tell a user what an earlier one of the same name called', async () => {
    expect((await usageOf('vera')).totals.calls).toBe(2);
    const admin = await callAs(registry, 'admin');
    await admin('delete', '/api/users/vera').expect(204);
    await admin('post', '/api/users').send({ username: 'vera', password: PASSWORD }).expect(201);
    expect((await usageOf('vera')).totals.calls).toBe(0);
    expect((await get('vera', '/api/usage/requests/abc-1.000-1-1')).status).toBe(404);
    const at = registry.clock().getTime();
    registry.calls({ at, requestId: 'abc-1.000-1-9', principal: 'vera' });
    expect((await get('vera', '/api/usage/requests/abc-1.000-1-9')).status).toBe(200);
  });

  it('does not tell an owner who called an earlier server at the path, not even a minute ago', async () => {
    const { agent, csrfToken } = await sessionOf('dora');
    const at = registry.clock().getTime();
    registry.calls({ at, principal: 'otto', server: '/taken-over' });
    registry.calls({ at, principal: 'otto', server: '/anew' });
    registry.clock.advance(10_000);
    const anew = { name: 'Anew', path: '/anew', url: 'http://anew:8000/' };
    await agent.post('/api/servers').set('X-CSRF-Token', csrfToken).send(anew).expect(201);
    const move = agent.patch('/api/servers/own').set('X-CSRF-Token', csrfToken);
    await move.send({ path: '/taken-over' }).expect(200);
    registry.clock.advance(10_000);
    const now = registry.clock().getTime();
    registry.calls({ at: now, principal: 'vera', server: '/taken-over' });
    for (const interval of ['hour', 'day']) {
      const { groups } = await usageOf(
        'dora',
        `?by=principal&from=2025-12-01&interval=${interval}`,
      );
      expect(groups.map(({ key, calls }) => [key, calls])).toEqual([['vera', 1]]);
    }
  });

  it.each([
    ['?from=yesterday', 'from'],
    ['?from=2026-01-03', 'from'],
    ['?interval=minute&from=2025-12-01', 'interval'],
    ['?by=client', 'by'],
    ['?limit=0', 'limit'],
  ])('refuses %s', async (query, field) => {
    const answer = await get('otto', `/api/usage${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'validation-failed', errors: [{ field }] });
  });
});

describe('a token', () => {
  it('for one server tells of that one alone', async () => {
    const admin = await callAs(registry, 'admin');
    const made = await admin('post', '/api/tokens').send({
      name: 'x',
      scopes: ['write'],
      server: '/weather',
    });
    const { token } = made.body as { readonly token: string };
    registry.calls({ at: registry.clock().getTime(), principal: 'admin' });
    registry.calls({ at: registry.clock().getTime(), principal: 'admin', server: '/own' });
    registry.clock.advance(1);
    const answer = await request(registry.app)
      .get('/api/usage?by=server')
      .set('Authorization', `Bearer ${token}`);
    const { groups } = answer.body as Usage;
    expect(groups.every(({ key }) => key === '/weather')).toBe(true);
  });

  it('with groups tells nothing of servers that it does not see, not even that its owner called them', async () => {
    const admin = await callAs(registry, 'admin');
    await admin('post', '/api/groups').send({ name: 'rain', servers: ['/weather'], tools: ['*'] });
    const made = await admin('post', '/api/tokens').send({
      name: 'agent',
      scopes: ['read'],
      groups: ['rain'],
    });
    const { token } = made.body as { readonly token: string };
    const at = registry.clock().getTime();
    for (const server of ['/weather', '/own']) {
      registry.calls({ at, requestId: `of${server}`, principal: 'admin', server });
    }
    registry.clock.advance(1);
    const get = (path: string) =>
      request(registry.app).get(path).set('Authorization', `Bearer ${token}`);
    const { groups } = (await get('/api/usage?by=server')).body as Usage;
    expect(groups.map(({ key }) => key)).toEqual(['/weather']);
    expect((await get('/api/usage/requests/of%2Fown')).status).toBe(404);
  });
});

describe('other questions', () => {
  it('what was called today, by server', async () => {
    const answer = await get('otto', '/api/usage/summary');
    expect(answer.body).toEqual({
      since: '2026-01-02T00:00:00.000Z',
      callsToday: 4,
      errorsToday: 1,
      byServer: {
        '/weather': { calls: 3, errors: 1, lastAt: AT },
        '/own': { calls: 1, errors: 0, lastAt: AT },
      },
    });
    expect((await get('vera', '/api/usage/summary')).body).toMatchObject({ callsToday: 2 });
  });

  it('who used a server in the last days', async () => {
    const answer = await get('otto', '/api/servers/own/callers?days=7');
    expect(answer.body).toMatchObject({
      callers: [{ principal: 'otto', calls: 2, errors: 0, lastAt: AT }],
      calls: 2,
    });
    expect((await get('otto', '/api/servers/own/callers?days=1')).body).toMatchObject({ calls: 1 });
    expect((await get('otto', '/api/servers/none/callers')).status).toBe(404);
    expect((await get('vera', '/api/servers/own/callers')).status).toBe(404);
    expect((await get('otto', '/api/servers/own/callers?days=99')).status).toBe(422);
  });

  it('what became of a request, for those who may know', async () => {
    const at = '/api/usage/requests/abc-1.000-1-3';
    expect((await get('dora', at)).body).toMatchObject({
      server: '/own',
      principal: 'otto',
      at: AT,
    });
    expect((await get('otto', at)).status).toBe(200);
    const refused = await get('vera', at);
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([
      404,
      'call-not-found',
    ]);
  });

  it('the statistics as a table, in which no cell is a formula', async () => {
    const answer = await get('otto', '/api/usage/export?format=csv');
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="usage-\d{8}T\d{6}Z\.csv"$/,
    );
    const [heading, ...lines] = answer.text.trim().split('\r\n');
    expect(heading).toBe(
      'at,server,tool,principal,era,method,outcome,status,calls,errors,p50Ms,p95Ms,p99Ms,bytesIn,bytesOut,lastAt',
    );
    expect(lines).toHaveLength(4);
    expect(answer.text).toContain(",'=cmd(),");
    expect((await get('otto', '/api/usage/export?format=xlsx')).status).toBe(422);
  });
});

describe('GET /metrics', () => {
  it('takes a token of the scope read', async () => {
    const read = await callAs(registry, 'read');
    const answer = await read('get', '/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('# TYPE process_resident_memory_bytes gauge');
    expect((await request(registry.app).get('/metrics')).status).toBe(401);
  });

  it('takes none where the settings say so', async () => {
    const open = await createTestRegistry({}, () => ({ metricsPublic: true }));
    expect((await request(open.app).get('/metrics')).status).toBe(200);
  });
});
