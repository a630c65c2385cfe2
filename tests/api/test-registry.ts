import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import request from 'supertest';
import { createAuthenticator } from '../../registry/access/authenticator.js';
import { ensureFirstAdmin } from '../../registry/access/first-admin.js';
import { createCallTokens } from '../../registry/access/call-tokens.js';
import type { GateRecord } from '../../registry/access/gate-record.js';
import { createLoginThrottle } from '../../registry/access/login-throttle.js';
import { createTokenUse } from '../../registry/access/token-use.js';
import type { Role, Scope } from '../../registry/access/principal.js';
import { readConfig } from '../../registry/config/read-config.js';
import { createVault } from '../../registry/access/vault.js';
import { buildRoutes, createApp, type RouteDeps } from '../../registry/http/app.js';
import type { Route } from '../../registry/http/route.js';
import { createOwnMcpServer } from '../../registry/mcpgw/create-own-mcp-server.js';
import { createAccessQueries } from '../../registry/operations/access/access-queries.js';
import { createAccountOperations } from '../../registry/operations/access/account-operations.js';
import { createExportAudit } from '../../registry/operations/audit/audit-export.js';
import { createAuditQueries } from '../../registry/operations/audit/audit-queries.js';
import { createAudited } from '../../registry/operations/audit/audited.js';
import { createGenerationOperations } from '../../registry/operations/system/generation-operations.js';
import { createClientGuides } from '../../registry/operations/servers/client-guides.js';
import { createGroupOperations } from '../../registry/operations/access/group-operations.js';
import { createLearnToken } from '../../registry/operations/access/gate-learning.js';
import { createExportServers } from '../../registry/operations/servers/export-servers.js';
import { createImportServers } from '../../registry/operations/imports/import-servers.js';
import { createPullRegistry } from '../../registry/operations/imports/pull-registry.js';
import { createRegistrySources } from '../../registry/operations/imports/registry-sources.js';
import { createTakeEntries } from '../../registry/operations/imports/take-entries.js';
import { createPreviewImport } from '../../registry/operations/imports/import-preview.js';
import { createLogIn } from '../../registry/operations/access/log-in.js';
import { createReviewBook } from '../../registry/operations/tools/review-book.js';
import { createOidcOperations } from '../../registry/operations/access/oidc-operations.js';
import type { OwnMcpServer } from '../../registry/operations/servers/own-mcp-server.js';
import { createOwnServer } from '../../registry/operations/servers/own-server.js';
import { createPublishedServers } from '../../registry/operations/published/published-servers.js';
import { createServerActivity } from '../../registry/operations/servers/server-activity.js';
import { createServerOperations } from '../../registry/operations/servers/server-operations.js';
import { createSessionOperations } from '../../registry/operations/access/session-operations.js';
import { createSystemOperations } from '../../registry/operations/system/system-operations.js';
import { createTokenOperations } from '../../registry/operations/access/token-operations.js';
import { createToolSearch } from '../../registry/operations/tools/tool-search.js';
import { createExportUsage } from '../../registry/operations/usage/usage-export.js';
import { createUsageQueries } from '../../registry/operations/usage/usage-queries.js';
import { createUserOperations } from '../../registry/operations/access/user-operations.js';
import type { ToolCaller } from '../../registry/operations/tools/tool-caller.js';
import type { RegistryState } from '../../registry/store/store.js';
import { createToolFinder } from '../../registry/search/create-tool-finder.js';
import type { MeaningSearch } from '../../registry/search/meaning-search.js';
import { createOutboundGuard } from '../../registry/upstream/outbound-guard.js';
import {
  createRegistryReader,
  type ReadRegistry,
} from '../../registry/upstream/registry-reader.js';
import type { ReadGitHub } from '../../registry/upstream/github-reader.js';
import { createRepositoryBook } from '../../registry/upstream/repository-book.js';
import { createMetrics } from '../../registry/usage/metrics.js';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.js';
import { createFakeGateway } from '../fakes/fake-gateway.js';
import { createFakeMonitor } from '../fakes/fake-monitor.js';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.js';
import { createMemoryRepositoryStore } from '../fakes/memory-repository-store.js';
import { createMemoryReviewStore } from '../fakes/memory-review-store.js';
import { createMemorySessionStore } from '../fakes/memory-session-store.js';
import { createMemoryTokenUseStore } from '../fakes/memory-token-use-store.js';
import { createMemoryUsage } from '../fakes/memory-usage.js';
import { createMemoryStore, type MemoryStore } from '../fakes/memory-store.js';
import { createRecordingLog, type RecordingLog } from '../fakes/recording-log.js';

/** Stands in for what Vite builds. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../fixtures/console', import.meta.url));

export const PASSWORD = 'correct horse battery staple';
export const WEATHER = { name: 'Weather', path: '/weather', url: 'http://weather:8000/' };

/** A gateway whose tools say what they were called with, after some words of progress. */
const echoingCaller: ToolCaller = {
  call: ({ signal: _signal, listener, ...call }) => {
    listener?.progress({ progress: 1, total: 2, message: 'half\nway' });
    listener?.log({ level: 'info', data: { step: 1 } });
    return Promise.resolve({
      content: [{ type: 'text', text: JSON.stringify(call) }],
      isError: false,
    });
  },
  tryServer: ({ signal: _signal, token, ...target }) =>
    Promise.resolve({
      ok: true,
      isTokenRefused: false,
      steps: [{ name: 'initialize', ok: true, durationMs: 1, detail: JSON.stringify(target) }],
      toolCount: token === undefined ? 0 : 1,
    }),
};

/** What the gate was told of tokens for single calls. */
function createLentRecords() {
  const live = new Set<string>();
  const told: GateRecord[] = [];
  return {
    told,
    /** How many were not taken back. */
    live: () => live.size,
    learn: (sha256: string, record: GateRecord) => {
      live.add(sha256);
      told.push(record);
      return Promise.resolve(true);
    },
    forget: (sha256: string) => {
      live.delete(sha256);
      return Promise.resolve();
    },
  };
}

/** What a test may make parts of its own from. */
export interface TestParts {
  readonly store: MemoryStore;
  readonly clock: FakeClock;
  readonly log: RecordingLog;
}

/** The whole API over fakes of the world behind it. */
export async function createTestRegistry(
  initial: Partial<RegistryState> = {},
  override: (parts: TestParts) => Partial<RouteDeps> = () => ({}),
  meaning?: MeaningSearch,
  outside: { readonly readRegistry?: ReadRegistry; readonly readGitHub?: ReadGitHub } = {},
) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const store = createMemoryStore(initial);
  const gateway = createFakeGateway();
  const monitor = createFakeMonitor();
  const auditLog = createMemoryAuditLog();
  const publicUrl = 'https://gateway.example.com';
  await ensureFirstAdmin({ store, admin: { username: 'admin', password: PASSWORD }, clock, log });
  const throttle = createLoginThrottle({ clock });
  const sessionStore = createMemorySessionStore(clock);
  const uses = createTokenUse({ saved: createMemoryTokenUseStore(), store, log });
  const authenticator = createAuthenticator({
    store,
    clock,
    onUse: (id) => uses.touch(id, clock()),
  });
  const tokens = createTokenOperations({ store, uses, clock, log });
  const lent = createLentRecords();
  const system = createSystemOperations({
    store,
    gateway,
    monitor,
    auditLog,
    version: '1.2.3',
    startedAt: '2026-01-02T03:04:05.000Z',
    settings: readConfig({
      SECRET_KEY: 'a secret that no settings may ever show',
    }).settings,
    meaning: () => meaning?.status(),
  });
  const repositories = createRepositoryBook({
    readGitHub: outside.readGitHub ?? (() => Promise.resolve({ kind: 'limited' })),
    saved: createMemoryRepositoryStore(),
    clock,
    log,
  });
  await repositories.start(store.state().catalog.servers);
  store.subscribe(({ catalog }) => repositories.watch(catalog.servers));
  const reviews = createReviewBook({ saved: createMemoryReviewStore(), store, log });
  await reviews.start();
  const finder = createToolFinder({
    store,
    discoveries: monitor,
    ...(meaning && { meaning }),
    log,
  });
  const own = createOwnServer({ publicUrl, version: '1.2.3', toolsFor: (by) => ownMcp.tools(by) });
  const vault = createVault('a key for tests that nobody else uses');
  const { statistics, findCall, calls } = createMemoryUsage();
  const guard = createOutboundGuard({
    policy: { mode: 'private-allowed', allow: [] },
    ownPorts: [],
  });
  const { judgeUrl } = guard;
  const takeEntries = createTakeEntries({ store, gateway, vault, judgeUrl, clock });
  const { readRegistry = createRegistryReader({ guard }) } = outside;
  const pullRegistry = createPullRegistry({ store, readRegistry, takeEntries, clock, log });
  const deps = {
    servers: createServerOperations({
      own,
      store,
      gateway,
      monitor,
      reviews,
      repositories,
      addresses: { known: () => Promise.resolve() },
      toolCaller: echoingCaller,
      callTokens: createCallTokens({
        records: lent,
        store,
        secretKey: 'a key for tests that nobody else uses',
        clock,
        log,
      }),
      vault,
      judgeUrl,
      clock,
      publicUrl,
      log,
    }),
    tokens,
    groups: createGroupOperations({ store, clock, log }),
    system,
    generations: createGenerationOperations({ store, gateway, auditLog, clock, log }),
    logIn: createLogIn({ authenticator, throttle, log }),
    users: createUserOperations({ store, sessions: sessionStore, clock, log }),
    account: createAccountOperations({ store, sessions: sessionStore, throttle, clock, log }),
    sessions: createSessionOperations({ sessions: sessionStore, log }),
    audit: createAuditQueries({ auditLog }),
    exportAudit: createExportAudit({ auditLog, clock }),
    serverActivity: createServerActivity({ store, auditLog }),
    access: createAccessQueries({ store, clock }),
    search: createToolSearch({ store, monitor, finder }),
    previewImport: createPreviewImport({ store }),
    importServers: createImportServers({ takeEntries, log }),
    pullRegistry,
    registrySources: createRegistrySources({ store, pullRegistry, clock }),
    exportServers: createExportServers({ store, vault, clock }),
    published: createPublishedServers({ store, gateway, monitor, publicUrl, clock }),
    clients: createClientGuides({ store, monitor, publicUrl }),
    usage: createUsageQueries({ store, statistics, findCall, clock }),
    exportUsage: createExportUsage({ store, statistics, clock }),
    metrics: createMetrics([]),
    metricsPublic: false,
    oidc: createOidcOperations({ store, publicUrl, clock, log }),
    learnToken: createLearnToken({ learn: () => Promise.resolve(true), store, clock }),
    publicUrl,
    version: '1.2.3',
    consoleFolder: CONSOLE_FOLDER,
    ...override({ store, clock, log }),
  };
  const audited = createAudited({ store, auditLog, clock });
  const ownMcp: OwnMcpServer = createOwnMcpServer({ ...deps, audited, log });
  const app: Express = createApp({
    ...deps,
    authenticator,
    audited,
    ownMcp,
    sessionStore,
    secretKey: 'a key for tests that nobody else uses',
    clock,
    trustedProxies: [],
    log,
  });
  const routes: readonly Route[] = buildRoutes(deps);
  const token = async (scope: Scope) => {
    const admin = authenticator.ofUser('admin');
    if (admin === undefined) throw new Error('there is no administrator');
    const issued = await tokens.issue({ name: scope, scopes: [scope] }, admin);
    return issued.token;
  };
  const parts = { authenticator, sessionStore, system, reviews, repositories, publicUrl };
  const world = { store, gateway, monitor, auditLog, calls, clock, log };
  return { app, routes, ...world, token, lent, parts };
}

export type TestRegistry = Awaited<ReturnType<typeof createTestRegistry>>;

/** Sends requests with a token of the scope. */
export async function callAs(registry: TestRegistry, scope: Scope) {
  const authorization = `Bearer ${await registry.token(scope)}`;
  return (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string) =>
    request(registry.app)[method](path).set('Authorization', authorization);
}

/** Makes a user `some-<role>`, who sends requests as a browser does. */
export async function somebody(registry: TestRegistry, role: Role) {
  const admin = await callAs(registry, 'admin');
  const account = { username: `some-${role}`, password: PASSWORD };
  const made = await admin('post', '/api/users').send({ ...account, roles: [role] });
  if (made.status !== 201) throw new Error(`no user: ${made.text}`);
  const agent = request.agent(registry.app);
  const login = await agent.post('/api/login').send(account);
  const { csrfToken } = login.body as { readonly csrfToken: string };
  return (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string) =>
    agent[method](path).set('X-CSRF-Token', csrfToken);
}

/** Logs in like a browser; the agent keeps the cookie. */
export async function logIn(registry: TestRegistry) {
  const agent = request.agent(registry.app);
  const answer = await agent.post('/api/login').send({ username: 'admin', password: PASSWORD });
  const { csrfToken } = answer.body as { readonly csrfToken: string };
  return { agent, csrfToken, answer };
}
