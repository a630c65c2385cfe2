import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { askOwnMcp, runOwnTool } from './own-mcp-calls.js';
import {
  callAs,
  createTestRegistry,
  logIn,
  PASSWORD,
  WEATHER,
  type TestRegistry,
} from './test-registry.js';

const READING = [
  'list_services',
  'get_server_details',
  'get_service_tools',
  'healthcheck',
  'intelligent_tool_finder',
  'get_client_config',
];
const CHANGING = [
  'register_service',
  'update_service',
  'remove_service',
  'toggle_service',
  'refresh_service',
];

let registry: TestRegistry;
beforeEach(async () => {
  registry = await createTestRegistry();
  const admin = await callAs(registry, 'admin');
  await admin('post', '/api/servers').send({ ...WEATHER, enabled: true });
  registry.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain', 'snow']));
});

const namesOf = (message: { readonly result?: Readonly<Record<string, unknown>> }) =>
  (message.result?.tools as { readonly name: string }[]).map(({ name }) => name).sort();

/** A token of scope write of somebody with that role. */
async function tokenOf(role: string): Promise<string> {
  const admin = await callAs(registry, 'admin');
  const user = { username: `a-${role}`, password: PASSWORD, roles: [role] };
  expect((await admin('post', '/api/users').send(user)).status).toBe(201);
  const agent = request.agent(registry.app);
  const login = await agent
    .post('/api/login')
    .send({ username: user.username, password: PASSWORD });
  const { csrfToken } = login.body as { readonly csrfToken: string };
  const made = await agent
    .post('/api/tokens')
    .set('X-CSRF-Token', csrfToken)
    .send({ name: 'mine', scopes: ['write'] });
  expect(made.status).toBe(201);
  return (made.body as { readonly token: string }).token;
}

describe('the list of tools', () => {
  it('holds what the rights of the caller allow', async () => {
    const list = async (token: string) =>
      namesOf((await askOwnMcp(registry.app, token, 'tools/list')).last);
    const all = [...READING, ...CHANGING, 'call_tool'].sort();
    expect(await list(await registry.token('admin'))).toEqual(all);
    expect(await list(await registry.token('write'))).toEqual(all);
    expect(await list(await registry.token('read'))).toEqual([...READING].sort());
    expect(await list(await tokenOf('viewer'))).toEqual([...READING, 'call_tool'].sort());
    const operator = await list(await tokenOf('operator'));
    expect(operator).toEqual([...READING, 'call_tool', 'toggle_service', 'refresh_service'].sort());
  });

  it('costs less than 10 kB, and describes every tool', async () => {
    const { last } = await askOwnMcp(registry.app, await registry.token('admin'), 'tools/list');
    expect(JSON.stringify(last).length).toBeLessThan(10_000);
    const tools = last.result?.tools as Readonly<Record<string, unknown>>[];
    for (const { name, ...tool } of tools) {
      expect(tool).toMatchObject({
        title: expect.any(String),
        description: expect.any(String),
        inputSchema: { type: 'object' },
        annotations: {
          readOnlyHint: READING.includes(String(name)),
          openWorldHint: expect.any(Boolean),
        },
      });
      // What another tool answers is not for us to describe.
      expect([name, 'outputSchema' in tool]).toEqual([name, name !== 'call_tool']);
    }
  });
});

describe('a tool', () => {
  it('answers what the REST API answers', async () => {
    const token = await registry.token('admin');
    const rest = await callAs(registry, 'admin');
    const details = await runOwnTool(registry.app, token, 'get_server_details', {
      path: 'weather',
    });
    expect(details.value).toEqual((await rest('get', '/api/servers/weather')).body);
    expect(JSON.parse(details.text ?? '')).toEqual(details.value);
    const tools = await runOwnTool(registry.app, token, 'get_service_tools', { path: '/weather' });
    expect(tools.value).toEqual((await rest('get', '/api/servers/weather/tools')).body);
    const found = await runOwnTool(registry.app, token, 'intelligent_tool_finder', {
      query: 'snow',
    });
    expect(found.value).toEqual((await rest('get', '/api/search/tools?q=snow')).body);
    const guide = await runOwnTool(registry.app, token, 'get_client_config', {
      host: 'cursor',
      server: '/weather',
    });
    expect(guide.value).toEqual((await rest('get', '/api/clients/cursor?server=/weather')).body);
  });

  it('gives pages of what the caller sees', async () => {
    const token = await registry.token('admin');
    const admin = await callAs(registry, 'admin');
    await admin('post', '/api/servers').send({ ...WEATHER, path: '/zoo', name: 'Zoo' });
    const first = await runOwnTool(registry.app, token, 'list_services', { limit: 1 });
    expect(first.value).toMatchObject({ total: 2, servers: [{ path: '/weather' }] });
    const { nextCursor: cursor } = first.value;
    const second = await runOwnTool(registry.app, token, 'list_services', { limit: 1, cursor });
    expect(second.value).toMatchObject({ total: 2, servers: [{ path: '/zoo' }] });
    const health = await runOwnTool(registry.app, token, 'healthcheck');
    expect(health.value).toMatchObject({
      servers: [{ path: '/weather', health: { reachable: 'unknown' } }, { path: '/zoo' }],
      gateway: { state: 'applied', generation: 'abc123' },
    });
    expect(Object.keys(health.value.gateway as object)).toEqual(['state', 'generation']);
    const viewer = await tokenOf('viewer');
    const seen = await runOwnTool(registry.app, viewer, 'list_services');
    expect(seen.value).toMatchObject({ total: 0 });
    const hidden = await runOwnTool(registry.app, viewer, 'get_server_details', {
      path: 'weather',
    });
    expect(hidden.failure).toMatchObject({ code: 'server-not-found' });
  });

  it('tells of the progress of another to whoever asks for it', async () => {
    const token = await registry.token('write');
    const args = { server: '/weather', tool: 'rain', arguments: { city: 'Bergen' } };
    const asked = await askOwnMcp(registry.app, token, 'tools/call', {
      name: 'call_tool',
      arguments: args,
      _meta: { progressToken: 'p1' },
    });
    expect(asked.messages).toMatchObject([
      {
        method: 'notifications/progress',
        params: { progressToken: 'p1', progress: 1, total: 2, message: 'half\nway' },
      },
      { result: { isError: false } },
    ]);
    const plain = await askOwnMcp(registry.app, token, 'tools/call', {
      name: 'call_tool',
      arguments: args,
    });
    expect(plain.messages).toHaveLength(1);
    const [block] = plain.last.result?.content as { readonly text: string }[];
    expect(JSON.parse(block?.text ?? '')).toMatchObject({
      tool: 'rain',
      arguments: { city: 'Bergen' },
    });
  });

  it('that there is none of is an error of the protocol', async () => {
    const asked = await askOwnMcp(registry.app, await registry.token('admin'), 'tools/call', {
      name: 'no_such_tool',
    });
    expect(asked.last.error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('no_such_tool'),
    });
  });
});

describe('a change', () => {
  const last = () => registry.auditLog.entries.at(-1);

  it('answers with what nginx made of it, and is recorded once, as a change through MCP', async () => {
    const token = await registry.token('admin');
    const run = async (name: string, args: object) => {
      const before = registry.auditLog.entries.length;
      const done = await runOwnTool(registry.app, token, name, args);
      expect([name, done.failure]).toEqual([name, {}]);
      const entries = registry.auditLog.entries.slice(before);
      expect(entries).toMatchObject([
        {
          outcome: 'ok',
          from: { via: 'mcp' },
          actor: { kind: 'token' },
          requestId: done.requestId,
        },
      ]);
      return { ...done.value, action: entries[0]?.action, target: entries[0]?.target };
    };
    const gateway = { state: 'applied' };
    const target = { type: 'server', id: '/clock' };
    expect(
      await run('register_service', { name: 'Clock', path: 'clock', url: 'http://clock:1/' }),
    ).toMatchObject({ path: '/clock', enabled: false, gateway, action: 'server.register', target });
    expect(
      await run('update_service', { path: '/clock', changes: { tags: ['time'] } }),
    ).toMatchObject({ tags: ['time'], gateway, action: 'server.update', target });
    expect(await run('toggle_service', { path: '/clock', enabled: true })).toMatchObject({
      enabled: true,
      gateway,
      action: 'server.enable',
      target,
    });
    // The wanted state, and not the other one.
    expect(await run('toggle_service', { path: '/clock', enabled: true })).toMatchObject({
      enabled: true,
    });
    expect(await run('refresh_service', { path: '/clock' })).toMatchObject({
      gateway,
      changes: { tools: { added: [] } },
      action: 'server.refresh',
      target,
    });
    expect(await run('toggle_service', { path: '/clock', enabled: false })).toMatchObject({
      enabled: false,
      action: 'server.disable',
    });
    expect(await run('remove_service', { path: '/clock' })).toMatchObject({
      path: '/clock',
      gateway,
      action: 'server.remove',
    });
  });

  it('is refused to whoever was overtaken', async () => {
    const token = await registry.token('admin');
    for (const [name, args] of [
      ['update_service', { path: '/weather', changes: { name: 'W' }, revision: 99 }],
      ['remove_service', { path: '/weather', revision: 99 }],
    ] as const) {
      const refused = await runOwnTool(registry.app, token, name, args);
      expect(refused.failure).toMatchObject({ code: 'revision-conflict' });
      expect(last()).toMatchObject({ outcome: 'revision-conflict', from: { via: 'mcp' } });
    }
  });

  it('is nothing for a viewer, whatever the tool, and each attempt is recorded', async () => {
    const viewer = await tokenOf('viewer');
    const before = registry.store.state();
    const args = { ...WEATHER, path: '/weather', enabled: false, changes: { name: 'Mine' } };
    for (const name of CHANGING) {
      const refused = await runOwnTool(registry.app, viewer, name, args);
      expect([name, refused.isError, refused.failure.code]).toEqual([name, true, 'forbidden']);
      expect(refused.failure.requestId).toBe(refused.requestId);
      expect(last()).toMatchObject({
        outcome: 'forbidden',
        actor: { username: 'a-viewer' },
        target: { type: 'server', id: '/weather' },
        from: { via: 'mcp' },
        requestId: refused.requestId,
      });
    }
    expect(registry.store.state().catalog).toBe(before.catalog);
  });

  it('shows no secret, in the answer or afterwards', async () => {
    const token = await registry.token('admin');
    const auth = { type: 'bearer', token: 'the-secret-of-upstream' };
    const changed = await runOwnTool(registry.app, token, 'update_service', {
      path: '/weather',
      changes: { auth },
    });
    expect(changed.failure).toEqual({});
    expect(changed.text).not.toContain(auth.token);
    expect(JSON.stringify(registry.auditLog.entries)).not.toContain(auth.token);
  });
});

describe('whoever has no token', () => {
  const PATHS = [
    '/mcpgw',
    '/mcpgw/',
    '/mcpgw/mcp',
    '/mcpgw/mcp/',
    '/mcpgw/sse',
    '/mcpgw/message?sessionId=x',
    '/mcpgw/other',
    '/mcpgw/mcp/deeper',
  ];
  const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

  it('reaches nothing, by any method and path, with or without a session', async () => {
    const { agent, csrfToken } = await logIn(registry);
    for (const path of PATHS) {
      for (const method of METHODS) {
        for (const who of [request(registry.app), agent]) {
          for (const credential of ['', 'Bearer', 'Bearer mcpgw_wrong', 'Basic YWRtaW46YWRtaW4=']) {
            const asked = who[method](path)
              .set({ 'X-CSRF-Token': csrfToken, Accept: 'application/json, text/event-stream' })
              .set(credential === '' ? {} : { Authorization: credential });
            const answer = await (method === 'post' ? asked.send(body) : asked);
            expect([method, path, credential, answer.status]).toEqual([
              method,
              path,
              credential,
              401,
            ]);
          }
        }
      }
    }
  });

  it('is told where to learn more, as by a server of the gateway', async () => {
    const answer = await request(registry.app).post('/mcpgw/mcp').send(body);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer resource_metadata="https://gateway.example.com/.well-known/oauth-protected-resource/mcpgw/mcp"',
    );
    expect(answer.body).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32080,
        message: expect.stringContaining('bearer token'),
        data: {
          error: 'authentication-required',
          status: 401,
          requestId: answer.headers['x-request-id'],
        },
      },
    });
    const wrong = await request(registry.app)
      .post('/mcpgw/mcp')
      .set('Authorization', 'Bearer mcpgw_wrong')
      .send(body);
    expect(wrong.headers['www-authenticate']).toContain('error="invalid_token"');
    const document = await request(registry.app).get(
      '/.well-known/oauth-protected-resource/mcpgw/mcp',
    );
    expect(document.body).toEqual({
      resource: 'https://gateway.example.com/mcpgw/mcp',
      resource_name: 'MCP Gateway & Registry',
      bearer_methods_supported: ['header'],
    });
  });
});

describe('whoever has a token', () => {
  it('finds the three addresses, and nothing beside them', async () => {
    const token = await registry.token('admin');
    const ask = (method: 'get' | 'head' | 'post' | 'delete', path: string) =>
      request(registry.app)[method](path).set('Authorization', `Bearer ${token}`);
    for (const [method, path, status, code, allow] of [
      ['get', '/mcpgw', 405, undefined, 'POST'],
      ['post', '/mcpgw/other', 404, 'route-not-found', undefined],
      ['post', '/mcpgw/sse', 405, 'method-not-allowed', 'GET'],
      ['head', '/mcpgw/sse', 405, undefined, 'GET'],
      ['get', '/mcpgw/message', 405, 'method-not-allowed', 'POST'],
    ] as const) {
      const answer = await ask(method, path);
      expect([method, path, answer.status, answer.headers.allow]).toEqual([
        method,
        path,
        status,
        allow,
      ]);
      expect(answer.body).toMatchObject(code ? { error: { data: { error: code, status } } } : {});
    }
    // No session, so nothing to listen to and nothing to end.
    expect((await ask('get', '/mcpgw/mcp')).status).toBe(405);
    expect((await ask('delete', '/mcpgw/mcp')).status).toBe(405);
    const stranger = await ask('post', '/mcpgw/message?sessionId=x').send({});
    expect([stranger.status, stranger.body]).toMatchObject([
      404,
      { error: { data: { error: 'session-not-found' } } },
    ]);
  });

  it('is refused from a page of another site, and not from one of ours', async () => {
    const token = await registry.token('admin');
    const from = (origin: string) =>
      request(registry.app)
        .post('/mcpgw/mcp')
        .set({
          Authorization: `Bearer ${token}`,
          Accept: 'application/json, text/event-stream',
          Origin: origin,
        })
        .send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from('null')).status).toBe(403);
    expect((await from('https://gateway.example.com')).status).toBe(200);
  });

  it('loses it at once when it is revoked', async () => {
    const admin = await callAs(registry, 'admin');
    const made = await admin('post', '/api/tokens').send({ name: 'x', scopes: ['read'] });
    const { id, token } = made.body as { readonly id: string; readonly token: string };
    expect((await askOwnMcp(registry.app, token, 'tools/list')).status).toBe(200);
    await admin('delete', `/api/tokens/${id}`);
    expect((await askOwnMcp(registry.app, token, 'tools/list')).status).toBe(401);
  });

  it('sends no more than the REST API takes', async () => {
    const token = await registry.token('admin');
    const large = await askOwnMcp(registry.app, token, 'tools/call', {
      name: 'register_service',
      arguments: { description: 'x'.repeat(1024 * 1024) },
    });
    expect(large.status).toBe(413);
  });
});

describe('several registries with the same state', () => {
  it('answer the requests of one client in turns', async () => {
    const token = await registry.token('write');
    const { accounts, tokens, catalog } = registry.store.state();
    const other = await createTestRegistry({ accounts, tokens, catalog });
    other.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain']));
    const apps = [registry.app, other.app];
    const ask = (turn: number, method: string, params?: object) =>
      askOwnMcp(apps[turn % 2] ?? registry.app, token, method, params);
    const clientInfo = { name: 'client', version: '1' };
    const begun = await ask(0, 'initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo,
    });
    expect(begun.last.result).toMatchObject({
      protocolVersion: '2025-11-25',
      serverInfo: { name: 'mcpgw', version: '1.2.3' },
    });
    expect(begun.headers['mcp-session-id']).toBeUndefined();
    for (const turn of [1, 2, 3, 4]) {
      expect(namesOf((await ask(turn, 'tools/list')).last)).toContain('call_tool');
      const details = await ask(turn, 'tools/call', {
        name: 'get_server_details',
        arguments: { path: '/weather' },
      });
      expect(details.last.result).toMatchObject({ structuredContent: { path: '/weather' } });
    }
  });
});

describe('the entry of the MCP server itself', () => {
  it('stands beside the servers of the catalog, and is not counted', async () => {
    const admin = await callAs(registry, 'admin');
    const list = await admin('get', '/api/servers');
    expect(list.body).toMatchObject({
      total: 1,
      servers: [{ path: '/weather' }],
      builtIn: [
        {
          path: '/mcpgw',
          builtIn: true,
          enabled: true,
          toolCount: 12,
          publicUrl: 'https://gateway.example.com/mcpgw/mcp',
          sseUrl: 'https://gateway.example.com/mcpgw/sse',
        },
      ],
    });
    const { builtIn } = list.body as { readonly builtIn: readonly object[] };
    expect((await admin('get', '/api/servers/mcpgw')).body).toEqual(builtIn[0]);
    for (const query of ['query=weather', 'status=disabled', 'tag=x', 'status=issues']) {
      expect((await admin('get', `/api/servers?${query}`)).body).toMatchObject({ builtIn: [] });
    }
    expect((await admin('get', '/api/servers?query=gateway')).body).toMatchObject({
      total: 0,
      builtIn,
    });
  });

  it('shows the tools that the caller is offered, and how clients are told of it', async () => {
    const read = await callAs(registry, 'read');
    const tools = await read('get', '/api/servers/mcpgw/tools');
    expect(namesOf({ result: tools.body as Readonly<Record<string, unknown>> })).toEqual(
      [...READING].sort(),
    );
    const guide = await read('get', '/api/clients/cursor?server=/mcpgw');
    expect(guide.status).toBe(200);
    expect((guide.body as { readonly text: string }).text).toContain(
      'https://gateway.example.com/mcpgw/mcp',
    );
    const found = await read('get', '/api/search/tools?q=register');
    expect(found.body).toMatchObject({ results: [] });
  });

  it('cannot be changed, and is nothing for a token of another server', async () => {
    const admin = await callAs(registry, 'admin');
    for (const [method, path] of [
      ['patch', '/api/servers/mcpgw'],
      ['delete', '/api/servers/mcpgw'],
      ['post', '/api/servers/mcpgw/disable'],
      ['post', '/api/servers/mcpgw/refresh'],
    ] as const) {
      const answer = await admin(method, path).send({});
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const made = await admin('post', '/api/tokens').send({
      name: 'bound',
      scopes: ['read'],
      server: '/weather',
    });
    const { token } = made.body as { readonly token: string };
    const bound = (path: string) =>
      request(registry.app).get(path).set('Authorization', `Bearer ${token}`);
    expect((await bound('/api/servers')).body).toMatchObject({ total: 1, builtIn: [] });
    expect((await bound('/api/servers/mcpgw')).status).toBe(404);
    expect((await bound('/api/servers/mcpgw/tools')).status).toBe(404);
    expect((await bound('/api/clients/cursor?server=/mcpgw')).status).toBe(404);
  });
});
