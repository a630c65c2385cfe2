import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestRegistry, PASSWORD, type TestRegistry } from '../api/test-registry.js';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { startStandInRegistry } from '../fixtures/stand-in-registry.js';
import { runScript } from './run-script.js';

const WEATHER = ['--name', 'Weather', '--path', '/weather', '--url', 'http://weather:8000/'];

describe("the operator's scripts", () => {
  let registry: TestRegistry;
  let server: Listening;
  let env: Record<string, string>;
  let folder: string;

  beforeEach(async () => {
    registry = await createTestRegistry();
    server = await listen(registry.app);
    env = { GATEWAY_URL: server.url, GATEWAY_TOKEN: await registry.token('admin') };
    folder = mkdtempSync(path.join(tmpdir(), 'operator-scripts-'));
  });

  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('register a server with every option and print what nginx made of it', async () => {
    const options = ['--description', 'Says "it\'s $HOT" \\ and more', '--tag', 'a', '--tag', 'b'];
    const rest = ['--transport', 'sse', '--public', '--enable', '--no-verify', '--timeout', '60'];
    const args = [...WEATHER, ...options, ...rest, '--max-body', '2048'];
    const { code, out } = await runScript('register.sh', args, env);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('/weather') });
    expect(out).toMatch(/^gateway: +applied: in effect at nginx \(generation abc123\)$/m);
    expect([...registry.store.state().catalog.servers.values()]).toMatchObject([
      {
        path: '/weather',
        description: 'Says "it\'s $HOT" \\ and more',
        tags: ['a', 'b'],
        transport: 'sse',
        access: 'public',
        enabled: true,
        timeoutSeconds: 60,
        maxBodyBytes: 2048,
        tls: { verify: false },
      },
    ]);
  });

  it('register from a JSON object on standard input, with options on top', async () => {
    const body = { name: 'Weather', path: '/weather', url: 'http://weather:8000/', tags: ['x'] };
    const args = ['--json-file', '-', '--enable', '--json'];
    const { code, out } = await runScript('register.sh', args, env, JSON.stringify(body));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ path: '/weather', enabled: true, tags: ['x'] });
  });

  it('import a file with a result for each server, and export what can be imported', async () => {
    const file = path.join(folder, 'mcp.json');
    const mcpServers = { rain: { url: 'http://rain:1/mcp' }, local: { command: 'npx' } };
    writeFileSync(file, JSON.stringify({ mcpServers }));
    const dry = await runScript('import.sh', [file, '--dry-run'], env);
    expect(dry).toMatchObject({ code: 1, out: expect.stringMatching(/^created +\/rain +rain/m) });
    expect(dry.out).toMatch(/^refused +local +url is missing: "npx"/m);
    expect(registry.store.state().catalog.servers.size).toBe(0);
    expect((await runScript('import.sh', [file], env)).code).toBe(1);
    const { code, out } = await runScript('export.sh', [], env);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ servers: [{ path: '/rain', enabled: false }] });
    const again = await runScript('import.sh', ['-', '--update', '--json'], env, out);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ results: [{ outcome: 'unchanged' }] });
  });

  it('pull the servers of another registry, and say what to ask for next time', async () => {
    const other = await startStandInRegistry();
    try {
      other.entries = [{ name: 'org.example/rain', url: 'http://rain:1/mcp' }];
      const args = [other.url, '--search', 'rain'];
      const dry = await runScript('pull.sh', [...args, '--dry-run'], env);
      expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('nothing was stored') });
      expect(registry.store.state().catalog.servers.size).toBe(0);
      const { code, out } = await runScript('pull.sh', args, env);
      expect({ code, out }).toEqual({
        code: 0,
        out: expect.stringMatching(/^created +\/rain +org.example\/rain/m),
      });
      const [, since = ''] = /^next time: --since (\S+)$/m.exec(out) ?? [];
      const next = await runScript('pull.sh', [...args, '--since', since, '--json'], env);
      expect(JSON.parse(next.out)).toMatchObject({ results: [{ outcome: 'unchanged' }] });
      const shown = await runScript('show.sh', ['/rain'], env);
      expect(shown.out).toContain(`${other.url} org.example/rain 1.0.0 active`);
      const failed = await runScript('pull.sh', [`${other.url}/nowhere`], env);
      expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('no list') });
    } finally {
      await other.close();
    }
  });

  it('follow a registry, pull from it again, change how, and leave it', async () => {
    const other = await startStandInRegistry();
    const registries = (...args: string[]) => runScript('registries.sh', args, env);
    try {
      other.entries = [{ name: 'org.example/rain', url: 'http://rain:1/mcp' }];
      const added = await registries('add', other.url, '--every', '24', '--update', '--json');
      expect(added.code).toBe(0);
      const source = JSON.parse(added.out) as { id: string };
      expect(source).toMatchObject({ url: other.url, everyHours: 24, existing: 'update' });
      const pulled = await registries('pull', source.id);
      expect(pulled.out).toMatch(/^created +\/rain +org.example\/rain/m);
      const listed = await registries('list');
      expect(listed.out).toMatch(
        new RegExp(`^${source.id} +${other.url} +every 24 h .*created 1`, 'm'),
      );
      const changed = await registries('change', source.id, '--every', '6', '--search', 'rain');
      expect(changed.out).toMatch(/ \(rain\) +every 6 h +update /);
      await registries('change', source.id, '--every', 'never', '--search', '', '--keep');
      expect(registry.store.state().registries).toEqual([
        expect.objectContaining({ id: source.id, existing: 'keep', everyHours: undefined }),
      ]);
      expect(registry.store.state().registries[0]?.search).toBeUndefined();
      expect((await registries('remove', source.id)).code).toBe(0);
      expect(registry.store.state().registries).toEqual([]);
      const gone = await registries('pull', source.id);
      expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('registry-not-found') });
    } finally {
      await other.close();
    }
  });

  it('print the configuration of a client, and beside it what there is to know', async () => {
    await runScript('register.sh', WEATHER, env);
    const hosts = await runScript('client-config.sh', [], env);
    expect(hosts).toMatchObject({ code: 0, out: expect.stringMatching(/^cursor +Cursor$/m) });
    const { code, out, err } = await runScript('client-config.sh', ['cursor', '/weather'], env);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveProperty('mcpServers.weather.url');
    expect(err).toContain('mcp.json');
    const unknown = await runScript('client-config.sh', ['emacs', '/weather'], env);
    expect(unknown).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('host-not-found'),
    });
  });

  it('refuse to import or to configure nothing at all', async () => {
    for (const [name, ...args] of [
      ['import.sh'],
      ['import.sh', '/nonexistent/file'],
      ['import.sh', '--unknown'],
      ['export.sh', 'file'],
      ['pull.sh', '--dry-run'],
      ['pull.sh', 'http://x', '--since'],
      ['registries.sh'],
      ['registries.sh', 'add'],
      ['registries.sh', 'pull', '../x'],
      ['registries.sh', 'change', 'abc'],
      ['client-config.sh', 'cursor'],
    ] as const) {
      const { code, out } = await runScript(name, args, env);
      expect({ name, args, code, out }).toEqual({ name, args, code: 2, out: '' });
    }
  });

  it('print every wrong field and exit with 1 when the API refuses', async () => {
    const args = ['--name', 'W', '--path', '/Bad Path', '--url', 'ftp://x', '--enable'];
    const { code, out, err } = await runScript('register.sh', args, env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Some fields are not accepted \(validation-failed\)$/m);
    expect(err).toMatch(/^ {2}path: /m);
    expect(err).toMatch(/^ {2}url: /m);
  });

  it('exit with 1 when the path is taken', async () => {
    await runScript('register.sh', WEATHER, env);
    const { code, err } = await runScript('register.sh', WEATHER, env);
    expect(code).toBe(1);
    expect(err).toContain('(path-taken)');
  });

  it('list, show, enable, disable, refresh and remove', async () => {
    await runScript('register.sh', WEATHER, env);
    registry.monitor.setDiscovery('/weather', discoveryOf('http://weather:8000/', ['forecast']));
    const run = async (name: string, ...args: string[]) => {
      const { code, out, err } = await runScript(name, args, env);
      expect({ name, code, err }).toEqual({ name, code: 0, err: '' });
      return out;
    };
    expect(await run('list.sh')).toMatch(/^\/weather +Weather +no +not checked +1 +http/m);
    expect(await run('list.sh', '--query', 'no such')).toMatch(/^0 of 0 servers$/m);
    expect(await run('show.sh', '/weather')).toMatch(/^tools: +1$/m);
    expect(await run('enable.sh', '/weather')).toMatch(/^gateway: +applied/m);
    expect(await run('list.sh', '--status', 'enabled')).toMatch(/^1 of 1 servers$/m);
    registry.gateway.setStatus({ state: 'rejected', reason: 'port taken' });
    const kept = await runScript('disable.sh', ['weather'], env);
    expect(kept.out).toMatch(/^gateway: +rejected: .*: port taken$/m);
    expect(kept).toMatchObject({ code: 5, err: '' });
    registry.gateway.setStatus({ state: 'applied' });
    expect(await run('refresh.sh', '/weather')).toMatch(/^tools: +added forecast$/m);
    expect(await run('tools.sh', '/weather')).toMatch(/^\/weather +forecast +Does forecast$/m);
    expect(await run('tools.sh', '--query', 'fore')).toMatch(/^1 tools/m);
    const found = await run('find-tool.sh', 'weather', 'forecasts', '--limit', '3');
    expect(found).toMatch(/^[\d.]+ +\/weather +forecast +"forecasts".* in the name/m);
    expect(found).toMatch(/^1 tools, found by words$/m);
    expect(await run('remove.sh', '/weather', '--yes')).toMatch(/^removed \/weather$/m);
    expect(registry.store.state().catalog.servers.size).toBe(0);
  });

  it('handle a path of several segments', async () => {
    const args = ['--name', 'Deep', '--path', '/team/weather', '--url', 'http://weather:8000/'];
    await runScript('register.sh', args, env);
    const { out } = await runScript('show.sh', ['/team/weather', '--json'], env);
    expect(JSON.parse(out)).toMatchObject({ path: '/team/weather' });
  });

  it('remove nothing when the answer is not yes', async () => {
    await runScript('register.sh', WEATHER, env);
    const { code, err } = await runScript('remove.sh', ['/weather'], env, 'n\n');
    expect(code).toBe(1);
    expect(err).toContain('nothing was removed');
    expect(registry.store.state().catalog.servers.size).toBe(1);
  });

  it('use the token of the data folder when none is set', async () => {
    writeFileSync(path.join(folder, 'operator-token'), `${env.GATEWAY_TOKEN ?? ''}\n`);
    const local = { GATEWAY_URL: server.url, DATA_DIR: folder };
    expect((await runScript('list.sh', [], local)).code).toBe(0);
  });

  it('make the first token with a password, use it, and revoke it', async () => {
    const login = { GATEWAY_URL: server.url, ADMIN_USER: 'admin', ADMIN_PASSWORD: PASSWORD };
    const args = ['create', 'deploy', '--scope', 'write', '--days', '30', '--json'];
    const created = await runScript('token.sh', args, login);
    expect(created).toMatchObject({ code: 0, err: '' });
    const { id, token } = JSON.parse(created.out) as { id: string; token: string };
    const withToken = { GATEWAY_URL: server.url, GATEWAY_TOKEN: token };
    expect((await runScript('list.sh', [], withToken)).code).toBe(0);
    const listed = await runScript('token.sh', ['list'], env);
    expect(listed.out).toMatch(new RegExp(`^${id} +deploy +admin +all +write +`, 'm'));
    expect((await runScript('token.sh', ['revoke', id], env)).out).toBe(`revoked ${id}\n`);
    expect((await runScript('list.sh', [], withToken)).code).toBe(4);
  });

  it('make a token for groups and one server', async () => {
    const empty = { description: '', servers: [], tools: [], denyTools: [] };
    const at = { createdAt: '2026-01-02T03:04:05.000Z', updatedAt: '2026-01-02T03:04:05.000Z' };
    await registry.store.commit(() => ({
      groups: ['a', 'team/b'].map((name) => ({ name, ...empty, ...at })),
    }));
    await runScript('register.sh', WEATHER, env);
    const args = ['create', 'agent', '--group', 'a', '--group', 'team/b', '--server', '/weather'];
    const created = await runScript('token.sh', [...args, '--json'], env);
    expect(created).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(created.out)).toMatchObject({
      groups: ['a', 'team/b'],
      server: '/weather',
      scopes: [],
    });
  });

  it('exit with 4 when the password or the token is wrong, or there is none', async () => {
    const wrong = { GATEWAY_URL: server.url, ADMIN_PASSWORD: 'not it at all' };
    expect((await runScript('token.sh', ['list'], wrong)).code).toBe(4);
    const noToken = await runScript('list.sh', [], { GATEWAY_URL: server.url });
    expect(noToken).toMatchObject({ code: 4, err: expect.stringContaining('GATEWAY_TOKEN') });
  });

  it('exit with 3 when nothing answers, and say where they looked', async () => {
    await server.close();
    const { code, err } = await runScript('list.sh', [], env);
    expect(code).toBe(3);
    expect(err).toContain(`cannot reach ${server.url}`);
    server = await listen(registry.app);
  });

  it.each(['ftp://x', 'file:///etc/passwd', 'http://a b'])(
    'exit with 2 when GATEWAY_URL is %s',
    async (url) => {
      const { code, out, err } = await runScript('list.sh', [], { ...env, GATEWAY_URL: url });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toBe(`list.sh: GATEWAY_URL is no http or https address: ${url}\n`);
    },
  );

  it.each([
    ['register.sh', ...WEATHER, 'extra'],
    ['list.sh', 'extra'],
    ['export.sh', 'extra'],
    ['token.sh', 'list', 'extra'],
  ])('name the argument that they do not take: %s', async (name, ...args) => {
    const { code, err } = await runScript(name, args, env);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('unexpected argument extra'),
    });
  });

  it('print an answer that is no JSON as it is', async () => {
    const odd = await listen((_request, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
    });
    const { code, err } = await runScript('list.sh', [], { ...env, GATEWAY_URL: odd.url });
    await odd.close();
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('HTTP 502') });
    expect(err).toContain('<h1>Bad Gateway</h1>');
  });

  it.each([
    ['refuses', 404, '{"jsonrpc":"2.0","error":{"code":-32001}}'],
    ['agrees', 200, '<h1>It works!</h1>'],
  ])('say so when something else than the gateway %s', async (_what, status, body) => {
    const odd = await listen((_request, response) => {
      response.writeHead(status).end(body);
    });
    const answer = await runScript('list.sh', [], { ...env, GATEWAY_URL: odd.url });
    await odd.close();
    expect(answer).toMatchObject({ code: 1, out: '' });
    expect(answer.err).toBe(
      `HTTP ${status} from ${odd.url}, and not what the gateway says:\n${body}\n`,
    );
  });

  it('exit with 3 when nginx answers and the registry does not', async () => {
    const message = 'The registry cannot be reached; calls to MCP servers are not affected.';
    const title = 'No answer from the registry';
    const problem = { title, status: 502, detail: message, code: 'registry-unreachable' };
    const alone = await listen((_request, response) => {
      response.writeHead(502).end(JSON.stringify(problem));
    });
    const answer = await runScript('list.sh', [], { ...env, GATEWAY_URL: alone.url });
    await alone.close();
    expect(answer).toEqual({
      code: 3,
      out: '',
      err: `${title}: ${message} (registry-unreachable)\n`,
    });
  });

  it('say with a change that nginx leaves the server out all the same, and exit with 5', async () => {
    expect((await runScript('register.sh', WEATHER, env)).code).toBe(0);
    const detail = 'weather has no address';
    registry.gateway.setStatus({
      exclusions: [{ path: '/weather', reason: 'upstream-unresolved', detail }],
    });
    const { code, out } = await runScript('enable.sh', ['/weather'], env);
    expect(code).toBe(5);
    expect(out).toMatch(/^left out: +upstream-unresolved: weather has no address$/m);
  });

  it('exit with 5 when a server is registered and left out, also with JSON', async () => {
    registry.gateway.setStatus({
      exclusions: [{ path: '/weather', reason: 'upstream-unresolved', detail: 'no address' }],
    });
    const { code, out } = await runScript('register.sh', [...WEATHER, '--enable', '--json'], env);
    expect(code).toBe(5);
    expect(JSON.parse(out)).toMatchObject({ exclusion: { reason: 'upstream-unresolved' } });
  });

  it('take no text of a server for what nginx says', async () => {
    const said = '"exclusion":{"reason" "gateway":{"state":"rejected"';
    const { code } = await runScript('register.sh', [...WEATHER, '--description', said], env);
    expect(code).toBe(0);
  });

  it('name the file that cannot be read', async () => {
    const { err } = await runScript('import.sh', ['/nonexistent/mcp.json'], env);
    expect(err).toBe('/nonexistent/mcp.json: cannot be read (ENOENT)\n');
  });

  it.each([
    ['register.sh', '--name', 'Weather'],
    ['register.sh', '--path'],
    ['register.sh', ...WEATHER, '--timeout', 'soon'],
    ['list.sh', '--nonsense'],
    ['show.sh'],
    ['enable.sh', '/a', '/b'],
    ['tools.sh', '/a', '--query', 'b'],
    ['find-tool.sh', '--limit', '3'],
    ['token.sh', 'create'],
    ['token.sh', 'destroy', 'x'],
  ])('exit with 2 when used wrongly: %s %s', async (name, ...args) => {
    const { code, out, err } = await runScript(name, args, env);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });

  it('all have --help with an example of themselves', async () => {
    const own = readdirSync('scripts').filter((name) => name.endsWith('.sh'));
    const sourced = [
      'api.sh',
      'load-env.sh',
      'pull-options.sh',
      'prerequisites.sh',
      'install-packages.sh',
    ];
    for (const name of own.filter((script) => !sourced.includes(script))) {
      const { code, out } = await runScript(name, ['--help']);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(out.length).toBeGreaterThan(40);
    }
  });
});
