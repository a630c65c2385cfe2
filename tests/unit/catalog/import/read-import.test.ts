import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readImport } from '../../../../registry/catalog/import/read-import.js';
import { serverInputSchema } from '../../../../registry/catalog/server.js';

const preview = (value: unknown) => {
  const read = readImport(typeof value === 'string' ? value : JSON.stringify(value));
  if (!read.ok) throw new Error(read.problem);
  return read.value;
};
/** The entries of a file with `mcpServers`. */
const entriesOf = (servers: object) => preview({ mcpServers: servers }).entries;
const entryOf = (entry: object) => entriesOf({ weather: entry })[0];
const URL_OF = 'https://weather.example.com/mcp';

describe('servers of a host', () => {
  it('are read from the file of each', () => {
    const of = (format: string, value: unknown) => {
      const read = preview(value);
      expect(read.format).toBe(format);
      return read.entries.map(({ input, problems }) => ({ input, problems }));
    };
    const expected = (more: object = {}) => [
      { input: { name: 'weather', path: '/weather', url: URL_OF, ...more }, problems: [] },
    ];
    const http = { transport: 'streamable-http' };
    expect(of('mcpServers', { mcpServers: { weather: { url: URL_OF } } })).toEqual(expected());
    expect(of('mcpServers', { mcpServers: { weather: { serverUrl: URL_OF } } })).toEqual(
      expected(),
    );
    expect(of('mcpServers', { mcpServers: { weather: { httpUrl: URL_OF } } })).toEqual(
      expected(http),
    );
    expect(of('mcpServers', { weather: { type: 'http', url: URL_OF } })).toEqual(expected(http));
    const vscode = { weather: { type: 'sse', url: URL_OF } };
    expect(of('servers', { servers: vscode, inputs: [] })).toEqual(expected({ transport: 'sse' }));
    expect(of('servers', { mcp: { servers: vscode } })).toEqual(expected({ transport: 'sse' }));
  });

  it('may be written with comments and trailing commas', () => {
    const text = `\uFEFF{ // mine
      "mcpServers": { /* all */ "a // b": { "url": "https://h/x,}", /* , */ }, },
    }`;
    expect(preview(text).entries[0]).toMatchObject({
      name: 'a // b',
      input: { url: 'https://h/x,}' },
    });
  });

  it.each<[Record<string, string>, unknown]>([
    [{ Authorization: 'Bearer abc' }, { type: 'bearer', token: 'abc' }],
    [{ authorization: 'bearer  abc' }, { type: 'bearer', token: 'abc' }],
    [
      { Authorization: `Basic ${Buffer.from('ada:p:w').toString('base64')}` },
      { type: 'basic', username: 'ada', password: 'p:w' },
    ],
    [{ 'X-Api-Key': 'k' }, { type: 'headers', headers: [{ name: 'X-Api-Key', value: 'k' }] }],
    [
      { Authorization: 'Bearer abc', 'X-Team': 'a' },
      {
        type: 'headers',
        headers: [
          { name: 'Authorization', value: 'Bearer abc' },
          { name: 'X-Team', value: 'a' },
        ],
      },
    ],
    [{ Accept: 'text/event-stream' }, undefined],
  ])('%j are sent by the gateway', (headers, auth) => {
    const entry = entryOf({ url: URL_OF, headers });
    expect(entry?.problems).toEqual([]);
    expect(entry?.input?.auth).toEqual(auth);
    expect(serverInputSchema.safeParse(entry?.input).success).toBe(true);
  });

  it.each(['Bearer ${input:key}', 'Bearer $API_KEY', 'Bearer <your key>', 'YOUR_API_KEY'])(
    'ask for the secret where the file has %s',
    (value) => {
      const entry = entryOf({ url: URL_OF, headers: { Authorization: value } });
      expect(entry?.problems).toEqual([
        { field: 'auth', message: expect.stringContaining('fill it in') },
      ]);
      expect(JSON.stringify(entry?.input)).not.toContain('API_KEY');
    },
  );

  it('that are commands are told what to do, without the secrets of their environment', () => {
    const env = { API_KEY: 'hush' };
    const entry = entryOf({ command: 'npx', args: ['-y', 'weather-mcp'], env });
    expect(entry).toEqual({
      name: 'weather',
      problems: [{ field: 'url', message: expect.stringMatching(/"npx -y weather-mcp".*bridge/) }],
      notes: [],
    });
  });

  it('that are reached through mcp-remote are remote ones', () => {
    const args = ['-y', 'mcp-remote@latest', URL_OF, '--transport', 'http-only'];
    const header = ['--header', 'Authorization:${AUTH}'];
    const env = { AUTH: 'Bearer abc' };
    expect(entryOf({ command: 'npx', args: [...args, ...header], env })).toMatchObject({
      input: { url: URL_OF, transport: 'streamable-http', auth: { type: 'bearer', token: 'abc' } },
      problems: [],
    });
  });

  it('get paths that are legal and differ', () => {
    const url = URL_OF;
    const names = ['My Weather!', 'my-weather', 'api', 'Zürich', '天气', 'a/b', '__proto__'];
    const file = `{"mcpServers":{${names.map((name) => `${JSON.stringify(name)}:{"url":"${url}"}`).join()}}}`;
    const { entries } = preview(file);
    expect(entries.map(({ input }) => input?.path)).toEqual(
      '/my-weather /my-weather-2 /mcp-api /zurich /server /b /proto__'
        .replace('/proto__', '/proto')
        .split(' '),
    );
  });

  it('have the user of the URL sent as HTTP Basic', () => {
    const entry = entryOf({ url: 'https://ada:p%40w@h/mcp?api_key=x' });
    expect(entry).toMatchObject({
      input: {
        url: 'https://h/mcp?api_key=x',
        auth: { type: 'basic', username: 'ada', password: 'p@w' },
      },
      problems: [],
      notes: [
        expect.stringContaining('Basic'),
        expect.stringContaining('"api_key", which is stored as it is'),
      ],
    });
  });

  it('with an address that cannot be are told the rule', () => {
    expect(entryOf({ url: 'ftp://h/' })?.problems).toEqual([
      { field: 'url', message: 'must begin with http:// or https://' },
    ]);
  });
});

const DETAIL = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
  name: 'io.github.acme/weather',
  title: 'Weather of Acme',
  description: 'Rain and snow',
  version: '1.2.0',
  repository: { url: 'https://github.com/acme/weather', source: 'github' },
  remotes: [
    { type: 'sse', url: 'https://acme.example/sse' },
    {
      type: 'streamable-http',
      url: 'https://{region}.acme.example/mcp',
      variables: { region: { default: 'eu' } },
      headers: [
        { name: 'X-Key', isRequired: true, isSecret: true, description: 'From your account' },
        { name: 'X-Other' },
      ],
    },
  ],
};
const official = (more: object) => ({ 'io.modelcontextprotocol.registry/official': more });

describe('servers of the official registry', () => {
  it.each([
    ['bare', DETAIL],
    ['wrapped', { server: DETAIL, _meta: official({ status: 'active', isLatest: true }) }],
    ['listed', { servers: [{ server: DETAIL }], metadata: { count: 1 } }],
    ['in an array', [DETAIL]],
  ])('are read %s', (_, value) => {
    const { format, entries } = preview(value);
    expect(format).toBe('server.json');
    expect(entries).toEqual([
      {
        name: 'io.github.acme/weather',
        input: {
          name: 'Weather of Acme',
          path: '/weather',
          url: 'https://eu.acme.example/mcp',
          transport: 'streamable-http',
          description: 'Rain and snow',
          repository: 'https://github.com/acme/weather',
          auth: { type: 'headers', headers: [{ name: 'X-Key' }] },
        },
        problems: [
          {
            field: 'auth',
            message:
              'the value of the header X-Key is not in the file: fill it in (From your account)',
          },
        ],
        notes: ['Version 1.2.0.', 'Source: https://github.com/acme/weather'],
      },
    ]);
  });

  it('of the first versions are read as well', () => {
    const { entries } = preview({
      server: { name: 'a/b', remotes: [{ transport_type: 'sse', url: 'https://h/sse' }] },
    });
    expect(entries[0]?.input).toEqual({
      name: 'a/b',
      path: '/b',
      url: 'https://h/sse',
      transport: 'sse',
    });
  });

  it('that are packages, deleted or deprecated are told of', () => {
    const packages = [{ registryType: 'npm', identifier: '@acme/weather' }];
    expect(preview({ ...DETAIL, remotes: [], packages }).entries[0]).toMatchObject({
      problems: [{ field: 'url', message: expect.stringContaining('npm @acme/weather') }],
    });
    const of = (status: string) =>
      preview({ server: DETAIL, _meta: official({ status }) }).entries[0];
    expect(of('deleted')?.problems[0]?.message).toContain('deleted');
    expect(of('deprecated')?.notes[0]).toContain('deprecated');
  });

  it('are taken in their latest version', () => {
    const at = (version: string, isLatest: boolean) => ({
      server: { ...DETAIL, version },
      _meta: official({ isLatest }),
    });
    const { entries } = preview({ servers: [at('1.0.0', false), at('2.0.0', true)] });
    expect(entries.map(({ notes }) => notes[0])).toEqual(['Version 2.0.0.']);
  });

  it('ask for the variables of their address', () => {
    const remotes = [{ type: 'streamable-http', url: 'https://h/{tenant}/mcp' }];
    expect(preview({ ...DETAIL, remotes }).entries[0]?.problems).toEqual([
      { field: 'url', message: 'has {tenant} in it: put the value in its place' },
    ]);
  });
});

describe('our own servers', () => {
  it('are read as they are shown, disabled and without what is not written', () => {
    const shown = {
      path: '/team/weather',
      name: 'Weather',
      url: URL_OF,
      description: 'Rain',
      tags: ['x'],
      transport: 'auto',
      enabled: true,
      access: 'public',
      owner: 'ada',
      health: { reachable: 'yes' },
      auth: { type: 'bearer', secretSet: true, changedAt: '2026-01-02T03:04:05.000Z' },
      revision: 7,
    };
    const { format, entries } = preview({ servers: [shown], total: 1 });
    expect(format).toBe('export');
    expect(entries).toEqual([
      {
        name: 'Weather',
        input: {
          name: 'Weather',
          path: '/team/weather',
          url: URL_OF,
          description: 'Rain',
          tags: ['x'],
          transport: 'auto',
          access: 'public',
          auth: { type: 'bearer' },
        },
        problems: [{ field: 'auth', message: expect.stringContaining('fill them in') }],
        notes: [expect.stringContaining('disabled')],
      },
    ]);
  });
});

describe('what is no such file', () => {
  it.each(['', 'x', '{', 'null', '[]', '{}', '{"servers": 1}', '[1]', '{"a": {"b": 1}}'])(
    '%j is refused',
    (text) => {
      expect(readImport(text)).toMatchObject({ ok: false });
    },
  );

  it('never makes it fail, whatever it is', () => {
    const key = fc.constantFrom(
      ...[
        'mcpServers',
        'servers',
        'server',
        'remotes',
        'packages',
        'headers',
        'url',
        'httpUrl',
        'type',
      ],
      ...[
        'command',
        'args',
        'env',
        'name',
        'path',
        'auth',
        '_meta',
        'variables',
        'value',
        '__proto__',
      ],
    );
    const leaf = fc.oneof(
      fc.constantFrom(
        'https://{a}@h/${x}',
        'mcp-remote',
        '--header',
        'A:${B}',
        'Bearer x',
        'Basic !',
        '//',
        '\u0000',
      ),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          value.map((each) => JSON.stringify(each)),
        ),
        (text) => {
          const read = readImport(text);
          for (const { input, problems } of read.ok ? read.value.entries : []) {
            const isFine = serverInputSchema.safeParse(input).success;
            // What would be refused has a problem that says so.
            expect(isFine || problems.length > 0).toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['quotes', '"\\'.repeat(300_000)],
    ['comments', '/*,'.repeat(300_000)],
    ['commas', ',\n'.repeat(300_000)],
    [
      'variables',
      JSON.stringify({
        a: { url: '${'.repeat(300_000), headers: { a: `bearer${' '.repeat(300_000)}a\nb` } },
      }),
    ],
  ])('takes a moment with very many %s', (_, text) => {
    expect(typeof readImport(text).ok).toBe('boolean');
  });
});
