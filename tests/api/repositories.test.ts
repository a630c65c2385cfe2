import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGitHubReader } from '../../registry/upstream/github-reader.js';
import { createOutboundGuard } from '../../registry/upstream/outbound-guard.js';
import { createFakeClock } from '../fakes/fake-clock.js';
import { startStandInGitHub, type StandInGitHub } from '../fixtures/stand-in-github.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

const REPOSITORY = 'https://github.com/acme/weather';
const HOUR_MS = 3_600_000;
const TOLD = {
  description: 'Forecasts for agents',
  license: { spdx_id: 'MIT', name: 'MIT License' },
  language: 'Rust',
  stargazers_count: 1234,
  topics: ['mcp', 'weather'],
  archived: false,
};
const FACTS = {
  description: 'Forecasts for agents',
  license: 'MIT',
  language: 'Rust',
  stars: 1234,
  topics: ['mcp', 'weather'],
  archived: false,
};

let github: StandInGitHub;
let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
const begin = async (more: { readonly token?: string; readonly allow?: string[] } = {}) => {
  const { token, allow } = more;
  const policy = { mode: allow ? 'strict' : 'private-allowed', allow: allow ?? [] } as const;
  const readGitHub = createGitHubReader({
    guard: createOutboundGuard({ policy, ownPorts: [] }),
    url: github.url,
    token,
    clock: createFakeClock(),
  });
  registry = await createTestRegistry({}, () => ({}), undefined, { readGitHub });
  admin = await callAs(registry, 'admin');
};
beforeEach(async () => {
  github = await startStandInGitHub();
  github.repositories.set('acme/weather', TOLD);
  await begin();
});
afterEach(() => github.close());

const register = async (repository = REPOSITORY) => {
  const answer = await admin('post', '/api/servers').send({ ...WEATHER, repository });
  expect(answer.status).toBe(201);
  await registry.parts.repositories.settled();
};
const finding = async () => {
  const answer = await admin('get', '/api/servers/weather');
  return (answer.body as { repositoryFacts?: { problem?: string } }).repositoryFacts;
};
/** Moves the clock, and looks at what is due by then. */
const later = async (ms: number) => {
  registry.clock.advance(ms);
  registry.parts.repositories.watch(registry.store.state().catalog.servers);
  await registry.parts.repositories.settled();
};

describe('a server whose repository is at GitHub', () => {
  it('shows what GitHub tells of it, and its server.json', async () => {
    github.files.set('acme/weather', '{"name":"io.github.acme/weather","version":"1.2.0"}');
    await begin({ token: 'github_pat_1' });
    await register(`${REPOSITORY}.git`);
    expect(await finding()).toEqual({
      checkedAt: '2026-01-02T03:04:05.000Z',
      facts: { ...FACTS, serverJson: { name: 'io.github.acme/weather', version: '1.2.0' } },
    });
    expect(github.requests).toMatchObject([
      {
        path: '/repos/acme/weather',
        headers: { authorization: 'Bearer github_pat_1', accept: 'application/vnd.github+json' },
      },
      { path: '/repos/acme/weather/contents/server.json' },
    ]);
  });

  it('is looked at again after a day, with the tag of the last look', async () => {
    await register();
    github.requests.length = 0;
    await later(24 * HOUR_MS - 1);
    expect(github.requests).toEqual([]);
    await later(1);
    expect(github.requests).toHaveLength(1);
    expect(github.requests[0]?.headers['if-none-match']).toMatch(/^"\d+"$/);
    expect(await finding()).toEqual({ checkedAt: '2026-01-03T03:04:05.000Z', facts: FACTS });
    github.repositories.set('acme/weather', { ...TOLD, stargazers_count: 99_999 });
    await later(24 * HOUR_MS);
    expect(await finding()).toMatchObject({ facts: { stars: 99_999 } });
  });

  it.each([
    ['the hour is used up', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '' }],
    ['too much is asked at once', 403, { 'retry-after': '1800' }],
    ['nothing else is said', 429, {}],
  ])('is not asked for while %s', async (_why, status, headers: Record<string, string>) => {
    const reset = String(Date.parse('2026-01-02T03:34:05.000Z') / 1000);
    const sent = {
      ...headers,
      ...('x-ratelimit-reset' in headers && { 'x-ratelimit-reset': reset }),
    };
    github.misbehave = (response) => response.writeHead(status, sent).end();
    await register();
    expect(await finding()).toBeUndefined();
    github.misbehave = undefined;
    github.requests.length = 0;
    await later(HOUR_MS / 2 - 1);
    expect(github.requests).toEqual([]);
    await later(HOUR_MS / 2 + 1);
    expect(await finding()).toMatchObject({ facts: FACTS });
  });

  it('leaves the others alone when the answer was the last one of the hour', async () => {
    github.headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' };
    github.repositories.set('acme/other', TOLD);
    await register();
    const other = { ...WEATHER, path: '/other', repository: 'https://github.com/acme/other' };
    await admin('post', '/api/servers').send(other);
    await registry.parts.repositories.settled();
    expect(await finding()).toMatchObject({ facts: FACTS });
    expect(github.requests.filter(({ path }) => path.includes('other'))).toEqual([]);
    await later(HOUR_MS);
    expect(github.requests.filter(({ path }) => path.includes('other'))).toHaveLength(2);
  });

  it.each([
    ['has no such repository', 404, ''],
    ['does not take GITHUB_TOKEN', 401, ''],
    ['answered HTTP 500', 500, ''],
    ['something that is no repository', 200, '<html>'],
  ])('keeps the facts, and says that GitHub %s', async (problem, status, body) => {
    await register();
    github.misbehave = (response) => response.writeHead(status).end(body);
    await later(24 * HOUR_MS);
    expect(await finding()).toMatchObject({
      facts: FACTS,
      problem: expect.stringContaining(problem),
    });
    github.misbehave = undefined;
    await later(HOUR_MS);
    expect(await finding()).not.toHaveProperty('problem');
  });

  it('is found where it has moved to, but nowhere else', async () => {
    const location = `${github.url}/repos/acme/weather`;
    github.misbehave = (response) => {
      github.misbehave = undefined;
      response.writeHead(301, { location }).end();
    };
    await register('https://github.com/acme/old-weather');
    expect(await finding()).toMatchObject({ facts: FACTS });
    github.misbehave = (response) =>
      response.writeHead(301, { location: 'http://elsewhere:1/' }).end();
    await later(24 * HOUR_MS);
    expect((await finding())?.problem).toContain('no such repository');
  });

  it('is not looked at where the outbound policy forbids it', async () => {
    await begin({ allow: ['10.0.0.0/8'] });
    await register();
    expect((await finding())?.problem).toContain('UPSTREAM');
    expect(github.requests).toEqual([]);
  });
});

describe('the repository of a server', () => {
  it.each(['https://gitlab.com/acme/weather', 'https://github.com/acme', ''])(
    'is not looked up at %j',
    async (repository) => {
      await register(repository);
      expect(github.requests).toEqual([]);
      const answer = await admin('get', '/api/servers/weather');
      expect(answer.body).toMatchObject({ repository });
    },
  );

  it.each(['github.com/acme/weather', 'javascript:alert(1)', 'https://github.com/a?b=c'])(
    'cannot be %j',
    async (repository) => {
      const answer = await admin('post', '/api/servers').send({ ...WEATHER, repository });
      expect([answer.status, answer.body]).toMatchObject([
        422,
        { errors: [{ field: 'repository' }] },
      ]);
    },
  );

  it('is taken from a server.json, and goes through an export', async () => {
    const file = {
      name: 'io.github.acme/weather',
      description: 'Weather',
      version: '1.0.0',
      repository: { url: REPOSITORY, source: 'github' },
      remotes: [{ type: 'streamable-http', url: 'http://weather:1/mcp' }],
    };
    await admin('post', '/api/import').send({ text: JSON.stringify(file) });
    const exported = await admin('get', '/api/export');
    expect(exported.body).toMatchObject({ servers: [{ repository: REPOSITORY }] });
    await registry.parts.repositories.settled();
    expect(await finding()).toMatchObject({ facts: FACTS });
  });
});
