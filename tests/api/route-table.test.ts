import { beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Account } from '../../registry/access/account.js';
import { hashPassword } from '../../registry/access/password.js';
import { ROLES, type Role, type Scope } from '../../registry/access/principal.js';
import type { Route } from '../../registry/http/route.js';
import { callAs, createTestRegistry, logIn, PASSWORD, type TestRegistry } from './test-registry.js';

const AT = '2026-01-02T03:04:05.000Z';

/**
 * Who may call what; a route without a row fails. The roles stand for people with that one role in a session, "none" for
 * somebody without any. The tokens are an administrator's: of scope read, of scope write, and of scope write with a
 * group. What single servers make of it (ownership, visibility) is told in tests of their own.
 */
const TABLE = `
route                                                     stranger none viewer developer operator admin read write agent
get /health                                               yes      yes  yes    yes       yes      yes   yes  yes   yes
get /                                                     yes      yes  yes    yes       yes      yes   yes  yes   yes
get /ui                                                   yes      yes  yes    yes       yes      yes   yes  yes   yes
get /ui/{path}                                            yes      yes  yes    yes       yes      yes   yes  yes   yes
get /docs                                                 yes      yes  yes    yes       yes      yes   yes  yes   yes
get /docs/{asset}                                         yes      yes  yes    yes       yes      yes   yes  yes   yes
get /api/openapi.json                                     yes      yes  yes    yes       yes      yes   yes  yes   yes
get /.well-known/oauth-protected-resource/{path}/mcp      yes      yes  yes    yes       yes      yes   yes  yes   yes
get /v0.1/servers                                         yes      yes  yes    yes       yes      yes   yes  yes   yes
get /v0.1/servers/{serverName}/versions                   yes      yes  yes    yes       yes      yes   yes  yes   yes
get /v0.1/servers/{serverName}/versions/{version}         yes      yes  yes    yes       yes      yes   yes  yes   yes
get /v0/servers                                           yes      yes  yes    yes       yes      yes   yes  yes   yes
get /v0/servers/{serverName}/versions                     yes      yes  yes    yes       yes      yes   yes  yes   yes
get /v0/servers/{serverName}/versions/{version}           yes      yes  yes    yes       yes      yes   yes  yes   yes
get /api/set-up                                           yes      yes  yes    yes       yes      yes   yes  yes   yes
post /api/login                                           yes      yes  yes    yes       yes      yes   yes  yes   yes
get /api/login/check                                      yes      yes  yes    yes       yes      yes   yes  yes   yes
get /api/login/methods                                    yes      yes  yes    yes       yes      yes   yes  yes   yes
get /api/login/oidc                                       yes      yes  yes    yes       yes      yes   yes  yes   yes
get /api/login/oidc/callback                              yes      yes  yes    yes       yes      yes   yes  yes   yes
post /internal/gate/learn                                 -        -    -      -         -        -     -    -     -
post /api/logout                                          -        yes  yes    yes       yes      yes   yes  yes   yes
get /api/me                                               -        yes  yes    yes       yes      yes   yes  yes   yes
post /api/me/password                                     -        yes  yes    yes       yes      yes   -    -     -
get /api/me/sessions                                      -        yes  yes    yes       yes      yes   -    -     -
delete /api/me/sessions                                   -        yes  yes    yes       yes      yes   -    -     -
delete /api/me/sessions/{id}                              -        yes  yes    yes       yes      yes   -    -     -
get /api/servers                                          -        -    yes    yes       yes      yes   yes  yes   yes
get /api/servers/{path}                                   -        -    yes    yes       yes      yes   yes  yes   yes
get /api/servers/{path}/tools                             -        -    yes    yes       yes      yes   yes  yes   yes
get /api/servers/{path}/prompts                           -        -    yes    yes       yes      yes   yes  yes   yes
get /api/servers/{path}/resources                         -        -    yes    yes       yes      yes   yes  yes   yes
post /api/servers/{path}/review                           -        -    -      yes       -        yes   -    yes   yes
get /api/servers/{path}/health                            -        -    yes    yes       yes      yes   yes  yes   yes
post /api/probe                                           -        -    -      yes       -        yes   -    yes   yes
post /api/servers/{path}/try                              -        -    yes    yes       yes      yes   -    yes   yes
get /api/tools                                            -        -    yes    yes       yes      yes   yes  yes   yes
post /api/servers/{path}/tools/{tool}/call                -        -    yes    yes       yes      yes   -    yes   yes
post /api/servers                                         -        -    -      yes       -        yes   -    yes   yes
post /register                                            -        -    -      yes       -        yes   -    yes   yes
put /api/servers/{path}                                   -        -    -      yes       -        yes   -    yes   yes
patch /api/servers/{path}                                 -        -    -      yes       -        yes   -    yes   yes
delete /api/servers/{path}                                -        -    -      yes       -        yes   -    yes   yes
post /api/servers/{path}/enable                           -        -    -      yes       yes      yes   -    yes   yes
post /api/servers/{path}/disable                          -        -    -      yes       yes      yes   -    yes   yes
post /api/servers/{path}/refresh                          -        -    -      yes       yes      yes   -    yes   yes
get /api/gateway                                          -        -    -      -         yes      yes   yes  yes   -
get /api/gateway/config                                   -        -    -      -         yes      yes   yes  yes   -
post /api/gateway/preview                                 -        -    -      -         yes      yes   yes  yes   -
get /api/gateway/generations                              -        -    -      -         yes      yes   yes  yes   -
get /api/gateway/generations/{generation}                 -        -    -      -         yes      yes   yes  yes   -
get /api/gateway/generations/{generation}/restore         -        -    -      -         -        yes   -    yes   -
post /api/gateway/generations/{generation}/restore        -        -    -      -         -        yes   -    yes   -
get /api/settings                                         -        -    -      -         yes      yes   yes  yes   -
get /api/tokens                                           -        -    yes    yes       yes      yes   -    -     -
post /api/tokens                                          -        -    yes    yes       yes      yes   -    -     -
delete /api/tokens/{id}                                   -        -    yes    yes       yes      yes   -    -     -
get /api/groups                                           -        -    -      -         yes      yes   yes  yes   -
get /api/groups/{group}                                   -        -    -      -         yes      yes   yes  yes   -
post /api/groups                                          -        -    -      -         -        yes   -    -     -
patch /api/groups/{group}                                 -        -    -      -         -        yes   -    -     -
delete /api/groups/{group}                                -        -    -      -         -        yes   -    -     -
post /api/access/explain                                  -        -    -      -         yes      yes   yes  yes   -
get /api/servers/{path}/access                            -        -    -      -         yes      yes   yes  yes   -
get /api/users                                            -        -    -      -         -        yes   -    -     -
post /api/users                                           -        -    -      -         -        yes   -    -     -
get /api/users/{username}                                 -        -    -      -         -        yes   -    -     -
patch /api/users/{username}                               -        -    -      -         -        yes   -    -     -
delete /api/users/{username}                              -        -    -      -         -        yes   -    -     -
get /api/search/tools                                     -        -    yes    yes       yes      yes   yes  yes   yes
post /api/import                                          -        -    -      yes       -        yes   -    yes   yes
get /api/export                                           -        -    yes    yes       yes      yes   yes  yes   yes
get /api/registries                                       -        -    -      yes       -        yes   -    yes   -
post /api/registries                                      -        -    -      yes       -        yes   -    yes   -
patch /api/registries/{id}                                -        -    -      yes       -        yes   -    yes   -
delete /api/registries/{id}                               -        -    -      yes       -        yes   -    yes   -
post /api/registries/{id}/pull                            -        -    -      yes       -        yes   -    yes   -
post /api/registries/pull                                  -        -    -      yes       -        yes   -    yes   yes
post /api/import/preview                                  -        -    -      yes       -        yes   -    yes   yes
get /api/clients                                          -        -    yes    yes       yes      yes   yes  yes   yes
get /api/clients/{host}                                   -        -    yes    yes       yes      yes   yes  yes   yes
get /api/usage                                            -        -    yes    yes       yes      yes   yes  yes   yes
get /api/usage/summary                                    -        -    yes    yes       yes      yes   yes  yes   yes
get /api/usage/export                                     -        -    yes    yes       yes      yes   yes  yes   yes
get /api/usage/requests/{requestId}                       -        -    yes    yes       yes      yes   yes  yes   yes
get /api/servers/{path}/callers                           -        -    yes    yes       yes      yes   yes  yes   yes
get /metrics                                              -        -    -      -         yes      yes   yes  yes   -
get /api/servers/{path}/activity                          -        -    yes    yes       yes      yes   yes  yes   yes
get /api/audit/export                                     -        -    -      -         -        yes   -    -     -
get /api/audit                                            -        -    -      -         -        yes   -    -     -
`;

/** The rows as \`<method> <path>\` with who may call. */
function readTable() {
  const [[, ...callers] = [], ...rows] = TABLE.trim()
    .split('\n')
    .map((line) => line.split(/\s+/));
  return {
    callers,
    rows: rows.map(([method = '', path = '', ...cells]) => {
      const odd = cells.length !== callers.length || cells.some((cell) => !/^(yes|-)$/.test(cell));
      if (odd) throw new Error(`The row of ${method} ${path} cannot be read.`);
      const allowed = callers.filter((_, index) => cells[index] === 'yes');
      return { route: `${method} ${path}`, method: method as Route['method'], path, allowed };
    }),
  };
}

const { callers: CALLERS, rows: ROWS } = readTable();
const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`;
const concrete = (path: string) => path.replaceAll('{path}', 'weather').replaceAll(/\{\w+\}/g, 'x');

type Send = (method: Route['method'], path: string) => request.Test;

/** A registry in which every caller of the table has an account or a token. */
async function openToAll() {
  const passwordHash = await hashPassword(PASSWORD);
  const account = (username: string, roles: readonly Role[]): Account => ({
    username,
    passwordHash,
    roles: [...roles],
    groups: [],
    disabled: false,
    createdAt: AT,
  });
  const group = { description: '', servers: ['*'], tools: ['*'], denyTools: [] };
  const registry = await createTestRegistry({
    accounts: [account('none', []), ...ROLES.map((role) => account(role, [role]))],
    groups: [{ name: 'agents', ...group, createdAt: AT, updatedAt: AT }],
  });
  const inSession = async (username: string): Promise<Send> => {
    const agent = request.agent(registry.app);
    const login = await agent.post('/api/login').send({ username, password: PASSWORD });
    const { csrfToken } = login.body as { readonly csrfToken: string };
    return (method, path) => agent[method](path).set('X-CSRF-Token', csrfToken);
  };
  const withToken = async (scope: Scope, groups: readonly string[]): Promise<Send> => {
    const admin = await callAs(registry, 'admin');
    const made = await admin('post', '/api/tokens').send({ name: 'x', scopes: [scope], groups });
    const { token } = made.body as { readonly token: string };
    return (method, path) =>
      request(registry.app)[method](path).set('Authorization', `Bearer ${token}`);
  };
  const callerNamed = (name: string): Send | Promise<Send> => {
    if (name === 'stranger') return (method, path) => request(registry.app)[method](path);
    if (name === 'read' || name === 'write') return withToken(name, []);
    return name === 'agent' ? withToken('write', ['agents']) : inSession(name);
  };
  return { registry, callerNamed };
}

describe('the table of who may call what', () => {
  it('has one row for every route, and no other', async () => {
    const { routes } = await createTestRegistry();
    expect(ROWS.map(({ route }) => route).sort()).toEqual(routes.map(nameOf).sort());
  });

  it('has a column for every role', () => {
    expect(CALLERS).toEqual(expect.arrayContaining([...ROLES]));
  });

  it.each(CALLERS)('holds for %s', async (name) => {
    const { callerNamed } = await openToAll();
    const send = await callerNamed(name);
    // The end of the session comes at the end.
    const ordered = [...ROWS].sort((a, b) => Number(isLogOut(a)) - Number(isLogOut(b)));
    const answers: string[] = [];
    for (const { method, path, route } of ordered) {
      const answer = await send(method, concrete(path));
      const { code } = answer.body as { readonly code?: string };
      const isRefused = answer.status === 401 || answer.status === 403;
      answers.push(`${route}: ${isRefused ? `${answer.status} ${code ?? ''}` : 'yes'}`);
      // What is let in must not fail for other reasons than what it asks for.
      expect([route, answer.status < 500]).toEqual([route, true]);
    }
    expect(answers).toEqual(
      ordered.map(({ route, path, allowed }) => {
        const isUnknown = name === 'stranger' || path.startsWith('/internal/');
        const refusal = isUnknown ? '401 authentication-required' : '403 forbidden';
        return `${route}: ${allowed.includes(name) ? 'yes' : refusal}`;
      }),
    );
  });
});

function isLogOut({ path }: { readonly path: string }): boolean {
  return path === '/api/logout';
}

describe('the table of routes', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await createTestRegistry();
  });

  const guarded = () =>
    registry.routes.filter(({ permission }) => permission !== 'public' && permission !== 'gate');

  it('answers 401 to whoever is not nginx on the routes for nginx', async () => {
    const { agent, csrfToken } = await logIn(registry);
    const closed = registry.routes.filter(({ permission }) => permission === 'gate');
    expect(closed.map(({ path }) => path)).toEqual(['/internal/gate/learn']);
    for (const key of ['', 'wrong', '0'.repeat(64)]) {
      const answer = await agent
        .post('/internal/gate/learn')
        .set({ 'X-Gate-Key': key, 'X-CSRF-Token': csrfToken })
        .send({ server: '/weather' });
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ code: 'authentication-required' });
    }
  });

  it('answers 401 with a challenge on every other route without credentials', async () => {
    expect(guarded().length).toBeGreaterThan(20);
    for (const { method, path } of guarded()) {
      const answer = await request(registry.app)[method](concrete(path));
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
      expect(answer.body).toMatchObject({ code: 'authentication-required', status: 401 });
    }
  });

  it('answers 401 to a token that does not exist, even beside a good cookie', async () => {
    const { agent, csrfToken } = await logIn(registry);
    for (const { method, path } of guarded().filter((route) => route.path !== '/api/logout')) {
      const answer = await agent[method](concrete(path))
        .set('Authorization', 'Bearer mcpgw_wrong')
        .set('X-CSRF-Token', csrfToken);
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });

  it('demands the CSRF token of a session on every route that changes something', async () => {
    const { agent } = await logIn(registry);
    const unsafe = guarded().filter(({ method }) => method !== 'get');
    for (const { method, path } of unsafe) {
      const answer = await agent[method](concrete(path)).set('X-CSRF-Token', 'wrong');
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(answer.body).toMatchObject({ code: 'csrf-token-invalid' });
    }
  });

  it('answers 405 with Allow to other methods, and 404 to unknown routes', async () => {
    const wrong = await request(registry.app).put('/api/servers');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.allow).toBe('GET, POST, HEAD, OPTIONS');
    expect(wrong.body).toMatchObject({ code: 'method-not-allowed' });
    for (const path of ['/ws', '/API/servers', '/api']) {
      const unknown = await request(registry.app).get(path);
      expect([path, unknown.status]).toEqual([path, 404]);
      expect(unknown.type).toBe('application/problem+json');
    }
  });
});
