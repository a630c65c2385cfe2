import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashPassword } from '../../registry/access/password.js';
import { callAs, createTestRegistry, PASSWORD, type TestRegistry } from './test-registry.js';

interface Result {
  readonly name: string;
  readonly path?: string;
  readonly outcome: string;
  readonly problems: readonly { readonly field: string; readonly message: string }[];
}
interface Answer {
  readonly format: string;
  readonly results: readonly Result[];
}

let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
beforeEach(async () => {
  registry = await createTestRegistry();
  admin = await callAs(registry, 'admin');
});
const importing = async (file: unknown, more: object = {}, as = admin): Promise<Answer> => {
  const answer = await as('post', '/api/import').send({ text: JSON.stringify(file), ...more });
  expect(answer.status).toBe(200);
  return answer.body as Answer;
};
const serverAt = (path: string) =>
  [...registry.store.state().catalog.servers.values()].find((server) => server.path === path);
const outcomes = ({ results }: Answer) => results.map(({ outcome }) => outcome);

const HOST_FILE = {
  mcpServers: {
    rain: { url: 'http://rain:1/mcp', headers: { Authorization: 'Bearer hush-hush' } },
    local: { command: 'npx', args: ['some-server'] },
    snow: { url: 'http://snow:1/mcp' },
  },
};

describe('an import', () => {
  it('leaves out what the outbound policy refuses, and takes the rest', async () => {
    const { results } = await importing({
      mcpServers: {
        bad: { url: 'http://169.254.169.254/mcp' },
        snow: { url: 'http://snow:1/mcp' },
      },
    });
    expect(results).toMatchObject([
      { path: '/bad', outcome: 'refused', problems: [{ field: 'url' }] },
      { path: '/snow', outcome: 'created' },
    ]);
    expect(serverAt('/bad')).toBeUndefined();
  });

  it.each([
    ['mcpServers', HOST_FILE, '/snow', 'http://snow:1/mcp'],
    [
      'servers',
      { servers: { snow: { type: 'http', url: 'http://snow:1/mcp' } } },
      '/snow',
      'http://snow:1/mcp',
    ],
    [
      'server.json',
      {
        name: 'io.github.acme/snow',
        description: 'Snow',
        version: '1.0.0',
        remotes: [{ type: 'streamable-http', url: 'http://snow:1/mcp' }],
      },
      '/snow',
      'http://snow:1/mcp',
    ],
    [
      'server.json',
      {
        name: 'io.github.acme/snow',
        description: 'As written before September 2025',
        version_detail: { version: '1.0.0', is_latest: true },
        remotes: [{ transport_type: 'streamable', url: 'http://snow:1/mcp' }],
      },
      '/snow',
      'http://snow:1/mcp',
    ],
    [
      'original',
      {
        server_name: 'Snow Service',
        path: '/snow/',
        proxy_pass_url: 'http://snow:1/snow/',
        tags: ['Cold', 'white stuff'],
        num_tools: 2,
        is_python: true,
        license: 'N/A',
      },
      '/snow',
      'http://snow:1/snow/',
    ],
    [
      'original',
      { '/snow': { server_name: 'Snow', path: '/snow', proxy_pass_url: 'http://snow:1/mcp' } },
      '/snow',
      'http://snow:1/mcp',
    ],
    [
      'export',
      { servers: [{ path: '/snow', name: 'Snow', url: 'http://snow:1/mcp', enabled: true }] },
      '/snow',
      'http://snow:1/mcp',
    ],
  ])(
    'of a file in the form %s registers its servers, disabled',
    async (format, file, path, url) => {
      const answer = await importing(file);
      expect(answer.format).toBe(format);
      expect(answer.results).toContainEqual(expect.objectContaining({ path, outcome: 'created' }));
      expect(serverAt(path)).toMatchObject({ url, enabled: false, owner: 'admin' });
      // The same once more changes nothing.
      const { revision } = registry.store.state();
      expect(new Set(outcomes(await importing(file)))).not.toContain('created');
      expect(registry.store.state().revision).toBe(revision);
    },
  );

  it('has a result for each server, and one line in the audit log, without secrets', async () => {
    const dry = await importing(HOST_FILE, { dryRun: true });
    expect(registry.store.state().catalog.servers.size).toBe(0);
    const done = await importing(HOST_FILE);
    expect(done.results).toEqual(dry.results);
    expect(outcomes(done)).toEqual(['created', 'refused', 'created']);
    expect(done.results[1]?.problems).toEqual([
      { field: 'url', message: expect.stringContaining('"npx some-server"') },
    ]);
    await importing(HOST_FILE);
    const lines = registry.auditLog.entries.filter(({ action }) => action === 'server.import');
    expect(lines).toMatchObject([
      {
        outcome: 'ok',
        also: [
          { type: 'server', id: '/rain' },
          { type: 'server', id: '/snow' },
        ],
      },
    ]);
    expect(JSON.stringify([lines, done])).not.toContain('hush-hush');
  });

  it('leaves servers alone that are there, unless it is told to update them', async () => {
    await importing(HOST_FILE);
    await admin('post', '/api/servers/snow/enable');
    const changed = { mcpServers: { snow: { url: 'http://snow:2/mcp' } } };
    const kept = await importing(changed);
    expect(kept.results).toMatchObject([{ outcome: 'kept', problems: [{ field: 'url' }] }]);
    expect(kept).not.toHaveProperty('gateway');
    expect(serverAt('/snow')?.url).toBe('http://snow:1/mcp');
    expect(outcomes(await importing(changed, { existing: 'update' }))).toEqual(['updated']);
    expect(serverAt('/snow')).toMatchObject({ url: 'http://snow:2/mcp', enabled: true });
    expect(outcomes(await importing(changed, { existing: 'update' }))).toEqual(['unchanged']);
  });

  it('loses nothing of another one that comes at the same time', async () => {
    const shared = { snow: { url: 'http://snow:1/mcp' } };
    const [one, other] = await Promise.all([
      importing({ mcpServers: { ...shared, rain: { url: 'http://rain:1/mcp' } } }),
      importing({ mcpServers: { ...shared, hail: { url: 'http://hail:1/mcp' } } }),
    ]);
    expect([...outcomes(one), ...outcomes(other)].sort()).toEqual([
      'created',
      'created',
      'created',
      'unchanged',
    ]);
    expect(registry.store.state().catalog.servers.size).toBe(3);
  });

  it('keeps a secret with the address that it was given for', async () => {
    await importing(HOST_FILE);
    const moved = { servers: [{ path: '/rain', name: 'rain', url: 'http://thief:1/mcp' }] };
    const refused = await importing(moved, { existing: 'update' });
    expect(refused.results).toMatchObject([{ outcome: 'refused' }]);
    expect(serverAt('/rain')?.url).toBe('http://rain:1/mcp');
  });

  it('changes nothing of somebody else, seen or not', async () => {
    const account = { username: 'dora', passwordHash: await hashPassword(PASSWORD), groups: [] };
    const createdAt = '2026-01-02T03:04:05.000Z';
    registry = await createTestRegistry({
      accounts: [
        { ...account, roles: ['developer'], disabled: false, createdAt },
        { ...account, username: 'admin', roles: ['admin'], disabled: false, createdAt },
      ],
    });
    admin = await callAs(registry, 'admin');
    await importing(HOST_FILE);
    await admin('patch', '/api/servers/snow').send({ access: 'public' });
    const dora = request.agent(registry.app);
    const login = await dora.post('/api/login').send({ username: 'dora', password: PASSWORD });
    const { csrfToken } = login.body as { readonly csrfToken: string };
    const file = {
      rain: { url: 'http://x:1/' },
      snow: { url: 'http://x:1/' },
      own: { url: 'http://x:1/' },
    };
    const answer = await dora
      .post('/api/import')
      .set('X-CSRF-Token', csrfToken)
      .send({ text: JSON.stringify(file), existing: 'update' });
    const { results } = answer.body as Answer;
    expect(results).toMatchObject([
      {
        path: '/rain',
        outcome: 'refused',
        problems: [{ field: 'path', message: '/rain is taken; choose another' }],
      },
      {
        path: '/snow',
        outcome: 'refused',
        problems: [{ message: expect.stringContaining("somebody else's") }],
      },
      { path: '/own', outcome: 'created' },
    ]);
    expect(serverAt('/own')?.owner).toBe('dora');
  });

  it('refuses what is no such file', async () => {
    for (const body of [{ text: '{' }, { text: '{}', more: 1 }, { text: '[]', existing: 'drop' }]) {
      const answer = await admin('post', '/api/import').send(body);
      expect(answer.status).toBe(422);
    }
  });
});

describe('an export', () => {
  it('of 3000 servers in more than 2 MB can be taken back', async () => {
    const servers = Array.from({ length: 3000 }, (_, at) => ({
      name: `Server ${at}`,
      path: `/server-${at}`,
      url: `http://server-${at}:1/mcp`,
      description: 'x'.repeat(700),
    }));
    const done = await importing({ servers });
    expect(new Set(outcomes(done))).toEqual(new Set(['created']));
    const { text } = await admin('get', '/api/export');
    expect(text.length).toBeGreaterThan(2_000_000);
    const again = await admin('post', '/api/import').send({ text });
    expect(new Set(outcomes(again.body as Answer))).toEqual(new Set(['unchanged']));
  });

  it('larger than an import takes is refused with the limit', async () => {
    const answer = await admin('post', '/api/import').send({ text: ' '.repeat(13 * 1024 * 1024) });
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('12 MB') });
  });

  it('taken into an empty registry gives the same catalog, and holds no secret', async () => {
    const servers = [
      { name: 'A', path: '/a', url: 'http://a:1/mcp', tags: ['x', 'y'], description: 'two\nlines' },
      {
        name: 'B',
        path: '/team/b',
        url: 'https://b:1/',
        transport: 'sse',
        access: 'public',
        tls: { verify: false },
      },
      {
        name: 'C',
        path: '/c',
        url: 'http://c:1/',
        timeoutSeconds: 9,
        maxBodyBytes: 2048,
        hostHeader: 'client',
      },
      { name: 'D', path: '/d', url: 'http://d:1/', auth: { type: 'pass-through', from: 'X-Key' } },
    ];
    for (const input of servers) {
      expect((await admin('post', '/api/servers').send(input)).status).toBe(201);
    }
    const file = await admin('get', '/api/export');
    expect(file.headers['content-disposition']).toContain('mcp-servers.json');
    const other = await createTestRegistry();
    const there = await callAs(other, 'admin');
    const answer = await importing(file.body, {}, there);
    expect(new Set(outcomes(answer))).toEqual(new Set(['created']));
    const { servers: copied } = (await there('get', '/api/export')).body as { servers: object };
    expect(copied).toEqual((file.body as { servers: object }).servers);

    const secret = { type: 'bearer', token: 'hush-hush' };
    await admin('post', '/api/servers').send({ ...servers[0], path: '/e', auth: secret });
    const withSecret = await admin('get', '/api/export');
    expect(withSecret.text).not.toMatch(/hush-hush|v1\./);
    const again = await importing(withSecret.body);
    expect(new Set(outcomes(again))).toEqual(new Set(['unchanged']));
    const told = await importing(withSecret.body, {}, there);
    expect(told.results.find(({ path }) => path === '/e')).toMatchObject({
      outcome: 'refused',
      problems: [{ field: 'auth', message: expect.stringContaining('fill them in') }],
    });
  });
});
