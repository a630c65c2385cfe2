import { beforeAll, describe, expect, it } from '@jest/globals';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { runOwnTool } from './own-mcp-calls.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

interface Row {
  /** Completes "a ... ". */
  readonly what: string;
  readonly tool: string;
  readonly args: object;
  /** The same over REST. */
  readonly rest: readonly ['get' | 'post' | 'patch' | 'delete', string, object?];
  readonly code: string;
}

const registering = (what: string, field: object, code = 'validation-failed'): Row => {
  const args = { name: 'New', path: '/new', url: 'http://new:1/', ...field };
  return { what, tool: 'register_service', args, rest: ['post', '/api/servers', args], code };
};
const changing = (what: string, changes: object, code = 'validation-failed'): Row => ({
  what,
  tool: 'update_service',
  args: { path: '/weather', changes },
  rest: ['patch', '/api/servers/weather', changes],
  code,
});
const calling = (what: string, server: string, tool: string, input: object, code: string): Row => ({
  what,
  tool: 'call_tool',
  args: { server, tool, ...input },
  rest: ['post', `/api/servers/${encodeURIComponent(server)}/tools/${tool}/call`, input],
  code,
});

const INJECTION = '/a/ { return 200; } location /api/ { alias /etc/; } location /z';

const ROWS: readonly Row[] = [
  registering('path with a block of nginx in it', { path: INJECTION }),
  registering('path in capitals', { path: '/Weather' }),
  registering('path with an escape', { path: '/a%2fb' }),
  registering('path that climbs', { path: '/../api' }),
  registering('path of the gateway itself', { path: '/mcpgw' }),
  registering('path below one of the gateway', { path: '/api/mine' }),
  registering('path of four segments', { path: '/a/b/c/d' }),
  registering('path that is no text', { path: 7 }),
  registering('path that is taken', { path: '/weather' }, 'path-taken'),
  registering('URL with a line break', { url: 'http://new:1/\r\nHost: x' }),
  registering('URL of a file', { url: 'file:///etc/passwd' }),
  registering('URL with a password', { url: 'http://user:secret@new:1/' }),
  registering('URL that is none', { url: 'new' }),
  registering('name that is missing', { name: undefined }),
  registering('name that is empty', { name: ' ' }),
  registering('name with a hidden character', { name: 'New\u202e' }),
  registering('name that is too long', { name: 'n'.repeat(121) }),
  registering('description that is too long', { description: 'd'.repeat(4001) }),
  registering('tag with a blank', { tags: ['a b'] }),
  registering('tag list that is none', { tags: 'a' }),
  registering('transport that does not exist', { transport: 'stdio' }),
  registering('state that is no boolean', { enabled: 'yes' }),
  registering('field that does not exist', { owner: 'me' }),
  registering('command', { command: 'rm', args: ['-rf', '/'] }),
  registering('Host header with a semicolon', { hostHeader: 'a; return 200' }),
  registering('time limit of nothing', { timeoutSeconds: 0 }),
  registering('bundle of certificates that is none', { tls: { caPem: 'x' } }),
  registering('credential without its secret', { auth: { type: 'bearer' } }),
  registering('header that belongs to the gateway', {
    auth: { type: 'header', name: 'Host', value: 'x' },
  }),
  changing('change of a field that does not exist', { toolCount: 3 }),
  changing('change to a path of the gateway', { path: '/ws' }),
  changing('change to a URL that is none', { url: 'x y' }),
  changing('change of the limits that cannot be', { limits: { perMinute: -1 } }),
  {
    what: 'change of a server that does not exist',
    tool: 'update_service',
    args: { path: '/nobody', changes: {} },
    rest: ['patch', '/api/servers/nobody', {}],
    code: 'server-not-found',
  },
  {
    what: 'removal of a path that cannot be one',
    tool: 'remove_service',
    args: { path: INJECTION },
    rest: ['delete', `/api/servers/${encodeURIComponent(INJECTION)}`],
    code: 'server-not-found',
  },
  {
    what: 'state for a server that does not exist',
    tool: 'toggle_service',
    args: { path: '/nobody', enabled: true },
    rest: ['post', '/api/servers/nobody/enable'],
    code: 'server-not-found',
  },
  {
    what: 'page that does not exist',
    tool: 'list_services',
    args: { cursor: 'x' },
    rest: ['get', '/api/servers?cursor=x'],
    code: 'validation-failed',
  },
  {
    what: 'page that is too long',
    tool: 'get_service_tools',
    args: { limit: 5000 },
    rest: ['get', '/api/tools?limit=5000'],
    code: 'validation-failed',
  },
  {
    what: 'program that is not known',
    tool: 'get_client_config',
    args: { host: 'emacs', server: '/weather' },
    rest: ['get', '/api/clients/emacs?server=/weather'],
    code: 'host-not-found',
  },
  calling('tool that does not exist', '/weather', 'hail', {}, 'tool-not-found'),
  calling(
    'call with arguments that are none',
    '/weather',
    'rain',
    { arguments: 7 },
    'validation-failed',
  ),
  calling('call of a server that is disabled', '/off', 'rain', {}, 'server-disabled'),
];

/** What tells of an error, without what is the request's own. */
function toldOf(body: unknown) {
  const { code, detail, errors } = body as Readonly<Record<string, unknown>>;
  return { code, detail, errors };
}

describe('what the REST API refuses, the MCP server refuses alike', () => {
  let registry: TestRegistry;
  let token: string;
  let rest: Awaited<ReturnType<typeof callAs>>;
  beforeAll(async () => {
    registry = await createTestRegistry();
    token = await registry.token('admin');
    rest = await callAs(registry, 'admin');
    await rest('post', '/api/servers').send({ ...WEATHER, enabled: true });
    await rest('post', '/api/servers').send({ ...WEATHER, path: '/off' });
    for (const path of ['/weather', '/off']) {
      registry.monitor.setDiscovery(path, discoveryOf(WEATHER.url, ['rain']));
    }
  });

  it('in at least thirty ways', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(30);
  });

  it.each(ROWS)('a $what', async ({ tool, args, rest: [method, at, body], code }) => {
    const before = registry.store.state();
    const count = registry.auditLog.entries.length;
    const overRest = await rest(method, at).send(body);
    const overMcp = await runOwnTool(registry.app, token, tool, args);
    expect(overRest.status).toBeGreaterThanOrEqual(400);
    expect(overMcp.isError).toBe(true);
    expect(toldOf(overMcp.failure)).toEqual(toldOf(overRest.body));
    expect(overMcp.failure).toMatchObject({ code, requestId: overMcp.requestId });
    expect(registry.store.state().catalog).toBe(before.catalog);
    // And the audit log says the same of both.
    const [one, other, ...more] = registry.auditLog.entries.slice(count).map((entry) => ({
      action: entry.action,
      target: entry.target,
      outcome: entry.outcome,
    }));
    expect(more).toEqual([]);
    expect(other).toEqual(one);
  });

  it('and what has no counterpart there, with the name of the field', async () => {
    for (const [tool, args, field] of [
      ['get_server_details', {}, 'path'],
      ['get_server_details', { path: '/weather', more: 1 }, 'more'],
      ['get_service_tools', { path: '/weather', query: 'x' }, 'query'],
      ['healthcheck', { query: 'x' }, 'query'],
      ['toggle_service', { path: '/weather' }, 'enabled'],
      ['toggle_service', { path: '/weather', enabled: 'no' }, 'enabled'],
      ['update_service', { path: '/weather' }, 'changes'],
      ['remove_service', { path: '/weather', revision: 'x' }, 'revision'],
      ['intelligent_tool_finder', { query: ' ' }, 'query'],
      ['call_tool', { server: '/weather' }, 'tool'],
    ] as const) {
      const { failure } = await runOwnTool(registry.app, token, tool, args);
      expect([tool, failure]).toMatchObject([
        tool,
        { code: 'validation-failed', errors: [{ field }] },
      ]);
    }
  });
});
