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
});
