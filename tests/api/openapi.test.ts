import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { problemSchema } from '../../registry/http/problem.js';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { callAs, createTestRegistry, logIn, WEATHER } from './test-registry.js';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly security: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

async function setUp() {
  const registry = await createTestRegistry();
  const answer = await request(registry.app).get('/api/openapi.json');
  return { registry, document: answer.body as Document };
}

describe('the OpenAPI document', () => {
  it('is version 3.1 and has every route with its parameters, responses and security', async () => {
    const { registry, document } = await setUp();
    expect(document.openapi).toBe('3.1.0');
    const documented = registry.routes.filter(({ permission }) => permission !== 'gate');
    for (const { method, path, success, permission } of documented) {
      const operation = document.paths[path]?.[method];
      expect([path, operation?.summary]).toEqual([path, expect.any(String)]);
      expect(Object.keys(operation?.responses ?? {})).toContain(String(success.status));
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const params = (operation?.parameters ?? []).filter((each) => each.in === 'path');
      expect(params.map(({ name }) => name)).toEqual(names);
      expect(operation?.security).toHaveLength(permission === 'public' ? 0 : 2);
    }
    const count = Object.values(document.paths).flatMap((item) => Object.keys(item)).length;
    expect(count).toBe(documented.length);
  });

  it('has unique operation ids and no reference that leads nowhere', async () => {
    const { document } = await setUp();
    const ids = Object.values(document.paths)
      .flatMap((item) => Object.values(item))
      .map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(document.components.schemas).toHaveProperty([name ?? '']);
  });

  it('has patterns that are regular expressions by themselves', async () => {
    const { document } = await setUp();
    const patterns = [...JSON.stringify(document).matchAll(/"pattern":("(?:[^"\\\\]|\\\\.)*")/g)];
    expect(patterns.length).toBeGreaterThan(10);
    for (const [, text = ''] of patterns) {
      const pattern = JSON.parse(text) as string;
      expect(() => new RegExp(pattern, 'u')).not.toThrow();
      // Flags cannot be told there.
      expect(pattern).not.toMatch(/\$\/[a-z]*$/);
    }
  });

  it('describes what is really answered', async () => {
    const { registry } = await setUp();
    const call = await callAs(registry, 'admin');
    await call('post', '/api/servers').send({ ...WEATHER, path: '/other', enabled: true });
    registry.monitor.setDiscovery('/other', discoveryOf(WEATHER.url, ['rain']));
    registry.monitor.setHealth('/other', { reachable: 'no', usable: 'unknown', cause: 'tcp' });
    const requests: readonly (readonly [string, string, object?])[] = [
      ['post /api/servers', '/api/servers', WEATHER],
      ['get /api/servers', '/api/servers'],
      ['get /api/servers/{path}', '/api/servers/other'],
      ['put /api/servers/{path}', '/api/servers/weather', WEATHER],
      ['patch /api/servers/{path}', '/api/servers/weather', { name: 'W' }],
      ['post /api/servers/{path}/enable', '/api/servers/weather/enable'],
      ['post /api/servers/{path}/disable', '/api/servers/weather/disable'],
      ['post /api/servers/{path}/refresh', '/api/servers/other/refresh'],
      ['get /api/servers/{path}/tools', '/api/servers/other/tools'],
      ['get /api/tools', '/api/tools'],
      ['post /api/servers/{path}/tools/{tool}/call', '/api/servers/other/tools/rain/call', {}],
      ['delete /api/servers/{path}', '/api/servers/weather'],
      ['post /register', '/register', WEATHER],
      ['get /api/gateway', '/api/gateway'],
      ['get /api/gateway/config', '/api/gateway/config'],
      ['post /api/gateway/preview', '/api/gateway/preview', { ...WEATHER, path: '/p' }],
      ['post /api/tokens', '/api/tokens', { name: 'x' }],
      ['get /api/tokens', '/api/tokens'],
      ['get /api/me', '/api/me'],
      ['get /api/set-up', '/api/set-up'],
      ['post /api/users', '/api/users', { username: 'bob', displayName: 'Bob', groups: ['x'] }],
      ['get /api/users', '/api/users'],
      ['get /api/users/{username}', '/api/users/bob'],
      ['patch /api/users/{username}', '/api/users/bob', { disabled: true }],
      ['get /health', '/health'],
      [
        'get /.well-known/oauth-protected-resource/{path}/mcp',
        '/.well-known/oauth-protected-resource/weather/mcp',
      ],
    ];
    for (const [name, path, body] of requests) {
      const route = registry.routes.find((each) => `${each.method} ${each.path}` === name);
      const answer = await call(route?.method ?? 'get', path).send(body);
      expect([name, answer.status]).toEqual([name, route?.success.status]);
      const parsed = route?.success.schema?.safeParse(answer.body);
      expect([name, parsed?.error?.issues]).toEqual([name, undefined]);
      expect(parsed?.success).toBe(true);
    }
    const { answer } = await logIn(registry);
    const login = registry.routes.find(({ path }) => path === '/api/login');
    expect(login?.success.schema?.safeParse(answer.body).success).toBe(true);
    const problem = await call('get', '/api/servers/none');
    expect(problemSchema.safeParse(problem.body).success).toBe(true);
  });

  it('describes refusals of the MCP registry API, which say `error` as well', async () => {
    const { registry, document } = await setUp();
    const answer = await request(registry.app).get('/v0.1/servers/none/versions');
    const operation = document.paths['/v0.1/servers/{serverName}/versions']?.get;
    const refused = JSON.stringify(operation?.responses['404']);
    const [, name = ''] = /#\/components\/schemas\/(\w+)/.exec(refused) ?? [];
    const { properties } = document.components.schemas[name] as { readonly properties: object };
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(Object.keys(answer.body as object)),
    );
  });
});

describe('the page of the API', () => {
  it('is served whole from here, without inline script', async () => {
    const { registry } = await setUp();
    const page = await request(registry.app).get('/docs');
    expect(page.type).toBe('text/html');
    expect(page.text).not.toMatch(/<script>|<style|style=|https?:/);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(4);
    for (const file of files) {
      const answer = await request(registry.app).get(file);
      expect([file, answer.status]).toEqual([file, 200]);
      expect(answer.type).toMatch(/^(text\/(css|javascript)|image\/png)$/);
    }
  });

  it.each(['/docs/package.json', '/docs/..%2fpackage.json', '/docs/none.js'])(
    'does not serve %s',
    async (path) => {
      const { registry } = await setUp();
      expect((await request(registry.app).get(path)).status).toBe(404);
    },
  );
});
