import session from 'express-session';
import type { Express } from 'express';
import request from 'supertest';
import { createAuthenticator } from '../../registry/access/authenticator.js';
import { ensureFirstAdmin } from '../../registry/access/first-admin.js';
import { createLoginThrottle } from '../../registry/access/login-throttle.js';
import type { Scope } from '../../registry/access/principal.js';
import { buildRoutes, createApp } from '../../registry/http/app.js';
import type { Route } from '../../registry/http/route.js';
import { createLogIn } from '../../registry/operations/log-in.js';
import { createServerOperations } from '../../registry/operations/server-operations.js';
import { createSystemOperations } from '../../registry/operations/system-operations.js';
import { createTokenOperations } from '../../registry/operations/token-operations.js';
import type { ToolCaller } from '../../registry/operations/tool-caller.js';
import type { RegistryState } from '../../registry/store/store.js';
import { createFakeClock } from '../fakes/fake-clock.js';
import { createFakeGateway } from '../fakes/fake-gateway.js';
import { createFakeMonitor } from '../fakes/fake-monitor.js';
import { createMemoryStore } from '../fakes/memory-store.js';
import { createRecordingLog } from '../fakes/recording-log.js';

export const PASSWORD = 'correct horse battery staple';
export const WEATHER = { name: 'Weather', path: '/weather', url: 'http://weather:8000/' };

const echoingCaller: ToolCaller = {
  call: (call) =>
    Promise.resolve({ content: [{ type: 'text', text: JSON.stringify(call) }], isError: false }),
};

/** The whole API over fakes of the world behind it. */
export async function createTestRegistry(initial: Partial<RegistryState> = {}) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const store = createMemoryStore(initial);
  const gateway = createFakeGateway();
  const monitor = createFakeMonitor();
  const publicUrl = 'https://gateway.example.com';
  await ensureFirstAdmin({ store, admin: { username: 'admin', password: PASSWORD }, clock, log });
  const authenticator = createAuthenticator({ store, clock });
  const tokens = createTokenOperations({ store, clock, log });
  const deps = {
    servers: createServerOperations({
      store,
      gateway,
      monitor,
      toolCaller: echoingCaller,
      clock,
      publicUrl,
      log,
    }),
    tokens,
    system: createSystemOperations({ store, gateway, monitor, version: '1.2.3' }),
    logIn: createLogIn({ authenticator, throttle: createLoginThrottle({ clock }), log }),
    version: '1.2.3',
  };
  const app: Express = createApp({
    ...deps,
    authenticator,
    sessionStore: new session.MemoryStore(),
    secretKey: 'a key for tests that nobody else uses',
    clock,
    trustedProxies: [],
    publicUrl,
    log,
  });
  const routes: readonly Route[] = buildRoutes(deps);
  const token = async (scope: Scope) => {
    const issued = await tokens.issue({ name: scope, scopes: [scope] }, 'admin');
    return issued.token;
  };
  return { app, routes, store, gateway, monitor, clock, log, token };
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
