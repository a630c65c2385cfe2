import { createServer, type Server as HttpServer } from 'node:http';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import type { ServerPath } from './catalog/server-path.js';
import { createAuthenticator, type Authenticator } from './access/authenticator.js';
import { ensureFirstAdmin, type GeneratedCredentials } from './access/first-admin.js';
import { createLoginThrottle } from './access/login-throttle.js';
import type { Config } from './config.js';
import { createGenerationStore } from './gateway/apply/generation-store.js';
import type { PlanSources } from './gateway/apply/reconciler.js';
import { createGateway } from './gateway/create-gateway.js';
import type { Gateway } from './gateway/gateway.js';
import { loadRenderSources } from './gateway/load-sources.js';
import { createExternalNginx } from './gateway/nginx/external-nginx.js';
import { createManagedNginx } from './gateway/nginx/managed-nginx.js';
import { nginxLayout } from './gateway/nginx/nginx-layout.js';
import type { GatewaySettings } from './gateway/plan/settings.js';
import { createRegistryOnly } from './gateway/registry-only.js';
import { createRenderer } from './gateway/render/render-config.js';
import { urgencyOf } from './gateway/urgency.js';
import { createApp } from './http/app.js';
import type { Log } from './log.js';
import {
  connectAddress,
  letWorkersThrough,
  listenAddress,
  productRoot,
  productVersion,
  trustBundle,
  workerAccount,
  workerConnections,
} from './machine.js';
import { createLogIn } from './operations/log-in.js';
import { createServerOperations } from './operations/server-operations.js';
import { createSystemOperations } from './operations/system-operations.js';
import { createTokenOperations, type TokenOperations } from './operations/token-operations.js';
import { instanceId, readPrivateFile, secretKey, writePrivateFile } from './secrets.js';
import { createFileDiscoveryStore } from './store/file/file-discovery-store.js';
import { createFileSessionStore } from './store/file/file-session-store.js';
import { createFileStore } from './store/file/file-store.js';
import type { Store } from './store/store.js';
import { createAddressBook, type AddressBook } from './upstream/address-book.js';
import { createGatewayToolCaller } from './operations/gateway-tool-caller.js';
import type { UpstreamMonitor } from './upstream/monitor.js';
import { createOutboundGuard } from './upstream/outbound-guard.js';
import { createUpstreamMonitor } from './upstream/upstream-monitor.js';

/** Names that do not resolve in this time are served as soon as they do; nobody else waits for them. */
const FIRST_LOOKUP_MS = 1500;
/** Requests that are still being answered at the end get this long. */
const CLOSE_GRACE_MS = 3000;
const SCRIPTS_TOKEN = 'scripts on this machine';

/** The registry with everything in it, joined but not started. */
export interface Registry {
  /** Listens, and brings nginx up. The listener answers before nginx is ready. */
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly gateway: Gateway;
  /** Set at the very first start when no password was given: to be shown once. */
  readonly generated: GeneratedCredentials | undefined;
}

/** Builds all parts and joins them. @throws DataDirLockedError, Error when settings do not fit this machine */
export async function createRegistry(config: Config, log: Log): Promise<Registry> {
  const clock = () => new Date();
  const root = productRoot();
  const { dataDir, publicUrl } = config;
  const store = await createFileStore({ dataDir, log });
  const sessionStore = await createFileSessionStore({ dataDir, log });
  const trust = trustBundle(dataDir);

  const guard = createOutboundGuard({ policy: config.upstreamPolicy, ownPorts: ownPorts(config) });
  const addresses = createAddressBook({ guard, log });
  const monitor = createUpstreamMonitor({
    store: createFileDiscoveryStore({ dataDir, log }),
    guard,
    config: {
      intervalMs: config.health.intervalSeconds * 1000,
      timeoutMs: config.health.timeoutSeconds * 1000,
      toolsRefreshMs: config.toolsRefreshSeconds * 1000,
      publicUrl,
      systemTrust: createSecureContext({ ca: trust.pem }),
    },
    log,
  });
  const settings = await gatewaySettings(config, trust.file);
  const gateway = buildGateway(config, root, settings, planSources(store, monitor, addresses), log);

  const authenticator = createAuthenticator({ store, clock });
  const tokens = createTokenOperations({ store, clock, log });
  const version = productVersion(root);
  const app = createApp({
    servers: createServerOperations({
      store,
      gateway,
      monitor,
      toolCaller: createGatewayToolCaller({
        gatewayUrl: `http://${hostInUrl(connectAddress(settings.listen.address))}:${settings.listen.port}`,
      }),
      clock,
      publicUrl,
      log,
    }),
    tokens,
    system: createSystemOperations({ store, gateway, monitor, version }),
    logIn: createLogIn({ authenticator, throttle: createLoginThrottle({ clock }), log }),
    version,
    authenticator,
    sessionStore,
    secretKey: secretKey(dataDir, config.secretKey),
    clock,
    trustedProxies: config.trustedProxies,
    publicUrl,
    log,
  });
  const http = createServer(app);
  const generated = await ensureFirstAdmin({ store, admin: config.admin, clock, log });
  const leave = joinParts({ store, monitor, addresses, gateway });

  return {
    gateway,
    generated,
    async start() {
      const { servers } = store.state().catalog;
      await issueScriptsToken({ dataDir, store, tokens, authenticator });
      await listen(http, config.registry);
      addresses.watch(servers);
      addresses.start();
      await monitor.start(servers);
      await addresses.ready(FIRST_LOOKUP_MS);
      await gateway.start();
    },
    async stop() {
      leave();
      await closeServer(http);
      await monitor.stop();
      addresses.stop();
      await gateway.stop();
      await sessionStore.close();
      await store.close();
    },
  };
}

/** A committed change is passed on to everybody whom it concerns. */
function joinParts(parts: {
  readonly store: Store;
  readonly monitor: UpstreamMonitor;
  readonly addresses: AddressBook;
  readonly gateway: Gateway;
}): () => void {
  const { store, monitor, addresses, gateway } = parts;
  const endpoints = trackEndpoints(monitor);
  const leaves = [
    store.subscribe((state, before) => {
      if (state.catalog === before.catalog) return;
      addresses.watch(state.catalog.servers);
      monitor.watch(state.catalog.servers);
      gateway.changed(urgencyOf(before.catalog, state.catalog));
    }),
    addresses.subscribe(() => gateway.changed('soon')),
    monitor.subscribe(({ type, path }) => {
      if (type === 'discovery' && endpoints.isNew(path)) gateway.changed('soon');
    }),
  ];
  return () => leaves.forEach((leave) => leave());
}

/** Most of what discovery learns, such as tools, is nothing to nginx. */
function trackEndpoints(monitor: UpstreamMonitor): { isNew(path: ServerPath): boolean } {
  const known = new Map<ServerPath, string | undefined>();
  return {
    isNew(path) {
      const found = JSON.stringify(monitor.discovery(path)?.endpoint);
      if (known.get(path) === found) return false;
      known.set(path, found);
      return true;
    },
  };
}

function planSources(store: Store, monitor: UpstreamMonitor, addresses: AddressBook) {
  return (): PlanSources => ({
    catalog: store.state().catalog,
    endpoint: (server) => {
      const found = monitor.discovery(server.path);
      return found?.of === server.url ? found.endpoint : undefined;
    },
    resolution: (host, port) => addresses.get(host, port),
  });
}

function buildGateway(
  config: Config,
  root: string,
  settings: GatewaySettings,
  sources: () => PlanSources,
  log: Log,
): Gateway {
  const { mode, bin, pidFile } = config.nginx;
  const render = createRenderer(loadRenderSources(root));
  if (mode === 'none') return createRegistryOnly(settings, render, sources);
  const layout = nginxLayout(config.dataDir, pidFile);
  return createGateway({
    settings,
    render,
    sources,
    log,
    layout,
    store: createGenerationStore(layout),
    runtime:
      mode === 'managed' ? createManagedNginx(bin, layout, log) : createExternalNginx(bin, layout),
    target: { address: connectAddress(settings.listen.address), port: settings.listen.port },
  });
}

async function gatewaySettings(config: Config, caBundleFile: string): Promise<GatewaySettings> {
  const account = workerAccount();
  if (account !== undefined) letWorkersThrough(config.dataDir);
  return {
    instance: instanceId(config.dataDir),
    listen: { address: await listenAddress(config.gateway.host), port: config.gateway.port },
    ...(config.gateway.tls && { tls: config.gateway.tls }),
    publicUrl: config.publicUrl,
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    registry: {
      address: connectAddress(await listenAddress(config.registry.host)),
      port: config.registry.port,
    },
    drainSeconds: config.nginx.drainSeconds,
    workerConnections: workerConnections(),
    ...(account !== undefined && { workerAccount: account }),
    caBundleFile,
    retiredFolder: nginxLayout(config.dataDir).retired,
  };
}

/** A token for the shell scripts of whoever may read the data directory. */
async function issueScriptsToken(parts: {
  readonly dataDir: string;
  readonly store: Store;
  readonly tokens: TokenOperations;
  readonly authenticator: Authenticator;
}): Promise<void> {
  const { dataDir, store, tokens, authenticator } = parts;
  const file = path.join(dataDir, 'operator-token');
  const kept = readPrivateFile(file);
  const owner = store.state().accounts[0];
  if (owner === undefined || !store.health().writable) return;
  if (kept !== undefined && authenticator.ofToken(kept) !== undefined) return;
  const { token } = await tokens.issue({ name: SCRIPTS_TOKEN, scopes: ['admin'] }, owner.username);
  writePrivateFile(file, token);
}

function ownPorts({ registry, gateway }: Config): number[] {
  return [registry.port, gateway.port, ...(gateway.tls === undefined ? [] : [gateway.tls.port])];
}

function hostInUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function listen(http: HttpServer, { host, port }: Config['registry']): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

function closeServer(http: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => http.closeAllConnections(), CLOSE_GRACE_MS);
    http.close(() => {
      clearTimeout(cut);
      resolve();
    });
    http.closeIdleConnections();
  });
}
