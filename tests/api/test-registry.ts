import type { Express } from 'express';
import request from 'supertest';
import { createAuthenticator } from '../../registry/access/authenticator.js';
import { ensureFirstAdmin } from '../../registry/access/first-admin.js';
import { createCallTokens } from '../../registry/access/call-tokens.js';
import type { GateRecord } from '../../registry/access/gate-record.js';
import { createLoginThrottle } from '../../registry/access/login-throttle.js';
import { createTokenUse } from '../../registry/access/token-use.js';
import type { Scope } from '../../registry/access/principal.js';
import { createVault } from '../../registry/access/vault.js';
import { buildRoutes, createApp, type RouteDeps } from '../../registry/http/app.js';
import type { Route } from '../../registry/http/route.js';
import { createAccountOperations } from '../../registry/operations/account-operations.js';
import { createAuditQueries } from '../../registry/operations/audit-queries.js';
import { createAudited } from '../../registry/operations/audited.js';
import { createGroupOperations } from '../../registry/operations/group-operations.js';
import { createLearnToken } from '../../registry/operations/gate-learning.js';
import { createLogIn } from '../../registry/operations/log-in.js';
import { createOidcOperations } from '../../registry/operations/oidc-operations.js';
import { createServerOperations } from '../../registry/operations/server-operations.js';
import { createSessionOperations } from '../../registry/operations/session-operations.js';
import { createSystemOperations } from '../../registry/operations/system-operations.js';
import { createTokenOperations } from '../../registry/operations/token-operations.js';
import { createUserOperations } from '../../registry/operations/user-operations.js';
import type { ToolCaller } from '../../registry/operations/tool-caller.js';
import type { RegistryState } from '../../registry/store/store.js';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.js';
import { createFakeGateway } from '../fakes/fake-gateway.js';
import { createFakeMonitor } from '../fakes/fake-monitor.js';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.js';
import { createMemorySessionStore } from '../fakes/memory-session-store.js';
import { createMemoryTokenUseStore } from '../fakes/memory-token-use-store.js';
import { createMemoryStore, type MemoryStore } from '../fakes/memory-store.js';
import { createRecordingLog, type RecordingLog } from '../fakes/recording-log.js';

export const PASSWORD = 'correct horse battery staple';
export const WEATHER = { name: 'Weather', path: '/weather', url: 'http://weather:8000/' };

const echoingCaller: ToolCaller = {
  call: ({ signal: _signal, ...call }) =>
    Promise.resolve({ content: [{ type: 'text', text: JSON.stringify(call) }], isError: false }),
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
  const deps = {
    servers: createServerOperations({
      store,
      gateway,
      monitor,
      toolCaller: echoingCaller,
      callTokens: createCallTokens({
        records: lent,
        store,
        secretKey: 'a key for tests that nobody else uses',
        clock,
        log,
      }),
      vault: createVault('a key for tests that nobody else uses'),
      clock,
      publicUrl,
      log,
    }),
    tokens,
    groups: createGroupOperations({ store, clock, log }),
    system: createSystemOperations({ store, gateway, monitor, auditLog, version: '1.2.3' }),
    logIn: createLogIn({ authenticator, throttle, log }),
    users: createUserOperations({ store, sessions: sessionStore, clock, log }),
    account: createAccountOperations({ store, sessions: sessionStore, throttle, clock, log }),
    sessions: createSessionOperations({ sessions: sessionStore, log }),
    audit: createAuditQueries({ auditLog }),
    oidc: createOidcOperations({ store, publicUrl, clock, log }),
    learnToken: createLearnToken({ learn: () => Promise.resolve(true), store, clock }),
    publicUrl,
    version: '1.2.3',
    ...override({ store, clock, log }),
  };
  const app: Express = createApp({
    ...deps,
    authenticator,
    audited: createAudited({ store, auditLog, clock }),
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
  return { app, routes, store, gateway, monitor, auditLog, clock, log, token, lent };
}

export type TestRegistry = Awaited<ReturnType<typeof createTestRegistry>>;

/** Sends requests with a token of the scope. */
export async function callAs(registry: TestRegistry, scope: Scope) {
  const authorization = `Bearer ${await registry.token(scope)}`;
  return (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string) =>
    request(registry.app)[method](path).set('Authorization', authorization);
}

/** Logs in like a browser; the agent keeps the cookie. */
export async function logIn(registry: TestRegistry) {
  const agent = request.agent(registry.app);
  const answer = await agent.post('/api/login').send({ username: 'admin', password: PASSWORD });
  const { csrfToken } = answer.body as { readonly csrfToken: string };
  return { agent, csrfToken, answer };
}
