import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addServer, EMPTY_CATALOG } from '../../../../registry/catalog/catalog.js';
import type { Endpoint } from '../../../../registry/catalog/discovery.js';
import type { Resolution } from '../../../../registry/catalog/resolution.js';
import { serverInputSchema, type Server } from '../../../../registry/catalog/server.js';
import { NO_AUTH } from '../../../../registry/catalog/server-auth.js';
import type { ServerPath } from '../../../../registry/catalog/server-path.js';
import { loadRenderSources } from '../../../../registry/gateway/load-sources.js';
import { buildPlan } from '../../../../registry/gateway/plan/build-plan.js';
import type { Plan } from '../../../../registry/gateway/plan/plan.js';
import { createRenderer } from '../../../../registry/gateway/render/render-config.js';
import { productRoot } from '../../../../registry/machine.js';
import { parseNginx, shapeOf, type Directive } from '../../../fixtures/nginx-syntax.js';
import { PLAN_SETTINGS } from '../../../fixtures/plan-case.js';

/** Per field. Each is checked where people write and where the data file is believed. */
const STRINGS = 10_000;

const STAMP = { by: 'admin', at: '2026-01-02T03:04:05.000Z', revision: 1 };
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const INPUT = {
  name: 'Weather',
  path: '/weather',
  url: 'https://weather.example.test:8443/sse?a=b',
  description: 'Tells the weather',
  tags: ['one'],
  transport: 'sse',
  enabled: true,
  access: 'public',
  hostHeader: 'api.example.test',
  tls: { verify: true, caPem: PEM },
  limits: { callsPerMinute: 60, tools: [{ name: 'echo', callsPerMinute: 5 }] },
};
const ENDPOINT: Endpoint = {
  url: 'https://weather.example.test:8443/sse?a=b',
  transport: 'sse',
  message: { kind: 'exact', path: '/messages' },
};

/** The files in which a server has lines. */
const SERVER_FILES = [
  'generated/routes.conf',
  'generated/limits.conf',
  'generated/upstreams.conf',
  'generated/site.conf',
];

/** Only what depends on the catalog: the snippets are the same for every server, and so is what the other templates give. */
const { templates } = loadRenderSources(productRoot());
const render = createRenderer({
  staticFiles: [],
  templates: new Map(
    Array.from(templates, ([name, text]) => [
      name,
      SERVER_FILES.some((file) => `${file}.njk`.endsWith(`/${name}`)) ? text : '',
    ]),
  ),
});

const charsOf = (text: string) => Array.from(text);

/** What breaks out of a place where text was put into a configuration, and what must not be broken by it. */
const hostile = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ...charsOf('{};$"\'#\\ \n\r\t\0\u2028\u0085<>`|^[]()*?~=&%@!,:'),
        ),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '/',
          'a',
          '0',
          '-',
          '.',
          '_',
          'weather',
          '/weather',
          'https://',
          'http://h/',
          'é',
          '😀',
          '\uff5b',
          '\u202e',
          '${',
          '$uri',
          '%0a',
          '%7d',
          '..',
          '//',
          '[::1]',
          PEM,
        ),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '; proxy_pass http://evil;',
          '} location / { return 200; }',
          '"; return 200; #',
          "'; return 200; #",
          '\n}\nserver { listen 81; }',
          ' include /etc/passwd;',
          ' { root /; }',
          '# x',
          '\\',
          '\\"',
          ' default 0',
          '~^/(.*)$',
          'volatile',
          '{{ x }}',
          '{% raw %}',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** Hostile text alone, and in all the places of a value that was valid. */
const around = (valid: string) =>
  fc.oneof(
    hostile,
    hostile.map((text) => `${valid}${text}`),
    hostile.map((text) => `${text}${valid}`),
    fc
      .tuple(hostile, fc.nat(valid.length))
      .map(([text, at]) => `${valid.slice(0, at)}${text}${valid.slice(at)}`),
    // A tame alphabet reaches what is accepted.
    fc
      .string({
        unit: fc.constantFrom(...charsOf('ab0-._~/:@!&()*+,=%?[]')),
        minLength: 1,
        maxLength: 12,
      })
      .map((text) => `${valid}${text}`),
  );

interface Facts {
  readonly endpoint?: Endpoint;
  readonly resolution?: Resolution;
}

/** The shape of what is rendered for one server; undefined when it is left out with a reason. */
function renderedShape(server: Server, { endpoint, resolution }: Facts): string | undefined {
  const plan = buildPlan(
    {
      catalog: { servers: new Map([['/weather' as ServerPath, server]]), invalid: [] },
      endpoint: () => endpoint,
      resolution: () => resolution ?? { state: 'resolved', address: '192.0.2.1' },
      refused: new Map(),
    },
    PLAN_SETTINGS,
  );
  if (plan.routes.length === 0) {
    // Half a million times; `expect` would take as long as all else.
    if (plan.exclusions.length !== 1) throw new Error('it is left out without a reason');
    return undefined;
  }
  const key = JSON.stringify(plan.routes);
  return shapeOfPlan(key, () => plan);
}

/** Most strings leave the plan as it is, and most of its files, and that need not be done twice. */
const shapeOfPlan = remembered((plan: Plan) =>
  render(plan)
    .files.filter(({ path }) => SERVER_FILES.includes(path))
    .map(({ text }) => shapeOfText(text, () => text))
    .join('\n'),
);
const shapeOfText = remembered((text: string) => JSON.stringify(normal(parseNginx(text))));

function remembered<T>(shapeOf: (of: T) => string): (key: string, of: () => T) => string {
  const known = new Map<string, string>();
  return (key, of) => {
    const shape = known.get(key) ?? shapeOf(of());
    if (known.size > 1000) known.clear();
    known.set(key, shape);
    return shape;
  };
}

/**
 * A map that is looked up by path has its default and at most one line for the one server; which of them
 * have one is a matter of values. In all other maps and blocks the numbers count.
 */
function normal(directives: readonly Directive[]): unknown {
  return directives.map((directive) => {
    if (directive.name !== 'map') return shapeOf([directive]);
    // The name of a line in a map is its key, which is a value.
    const lines = (directive.block ?? []).map(({ words, block }) => [words.length, block?.length]);
    const isByPath =
      ['$mcp_path', '$mcp_server', '$mcp_named'].includes(directive.words[0] ?? '') &&
      lines.length <= 2;
    return ['map', directive.words, isByPath ? [...new Set(lines.map(String))] : lines];
  });
}

function serverOf(input: object): Server {
  const fields = { ...serverInputSchema.parse(input), auth: NO_AUTH };
  const catalog = addServer(EMPTY_CATALOG, fields, STAMP);
  const [server] = catalog.servers.values();
  if (server === undefined) throw new Error('the catalog is empty');
  return server;
}

const stored = serverOf(INPUT);

/** All the shapes there are: by transport, trust, query, depth, and by what was found of the server. */
const harmless = new Set<string | undefined>();
for (const origin of ['https://weather.example.test:8443', 'http://weather.example.test']) {
  for (const path of ['/', '/sse', '/mcp', '/base', '/base/', '/base/sse', '/base/mcp']) {
    for (const query of ['', '?a=b']) {
      for (const tls of [{ verify: true, caPem: PEM }, { verify: true }, { verify: false }]) {
        const url = `${origin}${path}${query}`;
        for (const transport of ['sse', 'streamable-http', 'auto'] as const) {
          for (const access of ['public', 'authenticated']) {
            const server = serverOf({ ...INPUT, url, tls, transport, access });
            harmless.add(renderedShape(server, {}));
            if (transport === 'auto') continue;
            for (const kind of ['exact', 'below'] as const) {
              const endpoint: Endpoint = { url, transport, message: { kind, path: '/messages/' } };
              harmless.add(renderedShape(server, { endpoint }));
            }
          }
        }
      }
    }
  }
}

for (const from of ['X-Own-Key', 'X-Api-Key']) {
  harmless.add(renderedShape({ ...stored, ...passThrough(from) }, {}));
}

function passThrough(from: string) {
  return { auth: { type: 'pass-through' as const, from, to: 'X-Api-Key' } };
}

/** Whether the server is served; when it is, with the same directives as a harmless one. */
function isServed(server: Server, facts: Facts): boolean {
  const shape = renderedShape(server, facts);
  if (shape === undefined) return false;
  if (!harmless.has(shape)) throw new Error(`no harmless server renders to ${shape}`);
  return true;
}

/** Puts hostile text into one field: what the schema takes, and also what a hand in the data file wrote. */
function attackField(valid: string, put: (text: string) => object, facts: Facts = {}) {
  const seen = { refused: 0, accepted: 0, storedAndServed: 0 };
  fc.assert(
    fc.property(around(valid), (text) => {
      const parsed = serverInputSchema.safeParse({ ...INPUT, ...put(text) });
      if (parsed.success) {
        seen.accepted += 1;
        // A pathname may still be one that has no place in nginx; then it is left out, with a reason.
        isServed(serverOf({ ...INPUT, ...put(text) }), facts);
      } else {
        seen.refused += 1;
      }
      if (isServed({ ...stored, ...put(text) }, facts)) seen.storedAndServed += 1;
    }),
    { numRuns: STRINGS },
  );
  return seen;
}

describe('a hostile string renders to nothing but what a harmless one renders to', () => {
  const some = expect.any(Number);

  it.each([
    ['name', 'Weather', (name: string) => ({ name })],
    ['path', '/weather', (path: string) => ({ path })],
    ['url', INPUT.url, (url: string) => ({ url })],
    ['description', 'Tells the weather', (description: string) => ({ description })],
    ['tags', 'one', (tag: string) => ({ tags: [tag] })],
    ['hostHeader', 'api.example.test', (hostHeader: string) => ({ hostHeader })],
    ['tls.caPem', PEM, (caPem: string) => ({ tls: { verify: true, caPem } })],
    ['transport', 'sse', (transport: string) => ({ transport })],
    ['access', 'public', (access: string) => ({ access })],
    ['timeoutSeconds', '60', (timeoutSeconds: string) => ({ timeoutSeconds })],
    ['limits.callsPerMinute', '60', (callsPerMinute: string) => ({ limits: { callsPerMinute } })],
    ['auth.from', 'X-Own-Key', passThrough],
    [
      'limits.tools',
      'echo',
      (name: string) => ({
        limits: { callsPerMinute: 60, tools: [{ name, callsPerMinute: 5 }] },
      }),
    ],
  ])('in %s', (_field, valid, put) => {
    const seen = attackField(valid, put);
    expect(seen).toEqual({ refused: some, accepted: some, storedAndServed: some });
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('in the endpoint that was found', () => {
    fc.assert(
      fc.property(around(ENDPOINT.url), (url) => {
        isServed(stored, { endpoint: { ...ENDPOINT, url } });
      }),
      { numRuns: STRINGS },
    );
  });

  it.each(['exact', 'below'] as const)('in the message endpoint that was found (%s)', (kind) => {
    fc.assert(
      fc.property(around('/messages'), (path) => {
        isServed(stored, { endpoint: { ...ENDPOINT, message: { kind, path } } });
      }),
      { numRuns: STRINGS },
    );
  });

  it('in the address that a name resolved to', () => {
    fc.assert(
      fc.property(around('192.0.2.1'), (address) => {
        isServed(stored, { resolution: { state: 'resolved', address } });
      }),
      { numRuns: STRINGS },
    );
  });
});
