import { createServer, type Server as HttpServer } from 'node:http';
import path from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { ServerPath } from './catalog/server-path.js';
import { gateLearnKey } from './access/derived-key.js';
import { createAuthenticator, type Authenticator } from './access/authenticator.js';
import { createExternalTokens, type ExternalTokens } from './access/external-tokens.js';
import { createCallTokens } from './access/call-tokens.js';
import { createGateDirectory } from './access/gate-directory.js';
import { createGateRecords, type GateRecords } from './access/gate-records.js';
import { gateCommits } from './access/gated-store.js';
import { ensureFirstAdmin, type GeneratedCredentials } from './access/first-admin.js';
import { createIdentityProvider } from './access/identity-provider.js';
import { isWorkingAdmin } from './access/last-admin.js';
import { createLoginThrottle } from './access/login-throttle.js';
import { createOidcLogin } from './access/oidc-login.js';
import { createTokenUse } from './access/token-use.js';
import { createVault, type Vault } from './access/vault.js';
import type { AuditLog } from './audit/audit-log.js';
import { createFileAuditLog } from './audit/file-audit-log.js';
import type { Config } from './config.js';
import { messageOf } from './errors.js';
import { createGenerationStore } from './gateway/apply/generation-store.js';
import type { PlanSources } from './gateway/apply/reconciler.js';
import { createCertificateFolder } from './gateway/certificate/certificate-folder.js';
import { createCertificates } from './gateway/certificate/certificates.js';
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
  gateDirectory,
  letWorkersThrough,
  listenAddress,
  njsModule,
  productRoot,
  productVersion,
  trustBundle,
  workerAccount,
  workerConnections,
} from './machine.js';
import { createAccountOperations } from './operations/account-operations.js';
import { createAuditQueries } from './operations/audit-queries.js';
import { changeBySystem, createAudited, type Audited } from './operations/audited.js';
import { createLearnToken } from './operations/gate-learning.js';
import { createGroupOperations } from './operations/group-operations.js';
import { createLogIn } from './operations/log-in.js';
import { createOidcOperations, type OidcOperations } from './operations/oidc-operations.js';
import { createServerOperations } from './operations/server-operations.js';
import { createSessionOperations } from './operations/session-operations.js';
import { createSystemOperations } from './operations/system-operations.js';
import { createTokenOperations, type TokenOperations } from './operations/token-operations.js';
import { createUserOperations } from './operations/user-operations.js';
import { instanceId, readPrivateFile, secretKey, writePrivateFile } from './secrets.js';
import { createFileDiscoveryStore } from './store/file/file-discovery-store.js';
import { createFileSessionStore } from './store/file/file-session-store.js';
import { createFileTokenUseStore } from './store/file/file-token-use-store.js';
import { createFileStore } from './store/file/file-store.js';
import type { Store } from './store/store.js';
import { createAddressBook, type AddressBook } from './upstream/address-book.js';
import { createGatewayToolCaller } from './operations/gateway-tool-caller.js';
import type { UpstreamMonitor } from './upstream/monitor.js';
import { createCredentialFiles, type CredentialFiles } from './upstream/credential-files.js';
import { createCredentialFolder } from './upstream/credential-folder.js';
import { createUpstreamCredentials, type UpstreamCredentials } from './upstream/credentials.js';
import { createOAuthTokens } from './upstream/oauth-token.js';
import { createOutboundGuard, type OutboundGuard } from './upstream/outbound-guard.js';
import { openOwnGateway } from './upstream/own-gateway.js';
import { createUpstreamMonitor } from './upstream/upstream-monitor.js';

/** Names that do not resolve in this time are served as soon as they do; nobody else waits for them. */
const FIRST_LOOKUP_MS = 1500;
/** Requests that are still being answered at the end get this long. */
const CLOSE_GRACE_MS = 3000;
const SCRIPTS_TOKEN = 'scripts on this machine';
const clock = () => new Date();

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
  const root = productRoot();
  const { dataDir } = config;
  const files = await createFileStore({ dataDir, log });
  const key = secretKey(dataDir, config.secretKey);
  const gate = await openGate(config, key, clock, log);
  const store = gateCommits(files, gate.records);
  const sessionStore = await createFileSessionStore({ dataDir, log });
  const auditLog = createFileAuditLog({ dataDir, retention: config.audit, clock, log });
  const audited = createAudited({ store, auditLog, clock });
  const trust = trustBundle(dataDir);

  const guard = createOutboundGuard({ policy: config.upstreamPolicy, ownPorts: ownPorts(config) });
  const addresses = createAddressBook({ guard, log });
  const vault = createVault(key);
  const systemTrust = createSecureContext({ ca: trust.pem });
  const upstreamAuth = buildUpstreamAuth(config, { vault, guard, systemTrust, log });
  const { credentials } = upstreamAuth;
  const monitor = buildMonitor(config, { guard, credentials, systemTrust, log });
  const settings = await gatewaySettings(config, trust.file);
  const gateway = buildGateway(config, root, settings, planSources(store, monitor, addresses), log);

  const { app, uses, tokens, ownGateway } = buildApp(config, {
    store,
    gate,
    gateway,
    settings,
    monitor,
    vault,
    sessionStore,
    auditLog,
    audited,
    key,
    version: productVersion(root),
    clock,
    log,
  });
  const http = createServer(app);
  const generated = await audited.run(changeBySystem('user.create', { type: 'user' }), () =>
    ensureFirstAdmin({ store, admin: config.admin, clock, log }),
  );
  const leave = joinParts({ store, monitor, addresses, gateway, files: upstreamAuth.files });

  return {
    gateway,
    generated,
    async start() {
      const { servers } = store.state().catalog;
      await uses.load();
      await audited.run(changeBySystem('token.issue', { type: 'token' }), () =>
        // Another authenticator: to look whether the token holds is not to use it.
        issueScriptsToken({
          dataDir,
          store,
          tokens,
          authenticator: createAuthenticator({ store, clock }),
        }),
      );
      await bringGateUp(gate.records, store, log);
      await listen(http, config.registry);
      // Nobody but nginx reads them.
      if (config.nginx.mode !== 'none') upstreamAuth.files.start(servers);
      addresses.watch(servers);
      addresses.start();
      await monitor.start(servers);
      await addresses.ready(FIRST_LOOKUP_MS);
      await gateway.start();
    },
    async stop() {
      leave();
      await closeServer(http);
      await ownGateway.close();
      await monitor.stop();
      upstreamAuth.stop();
      addresses.stop();
      await gateway.stop();
      await gate.close();
      await uses.close();
      await sessionStore.close();
      audited.leave();
      await auditLog.close();
      await store.close();
    },
  };
}

/** What the identity provider is good for here, as far as one is configured. */
function buildIdentity(
  { oidc, publicUrl }: Config,
  parts: {
    readonly store: Store;
    readonly secretKey: string;
    readonly clock: () => Date;
    readonly log: Log;
  },
): { readonly operations: OidcOperations; readonly externalTokens?: ExternalTokens } {
  if (oidc === undefined) return { operations: createOidcOperations({ ...parts, publicUrl }) };
  const { issuer, groupsClaim, login: settings } = oidc;
  const provider = createIdentityProvider({ ...parts, issuer });
  const externalTokens = createExternalTokens({ ...parts, provider, groupsClaim, publicUrl });
  if (settings === undefined) {
    return { operations: createOidcOperations({ ...parts, publicUrl }), externalTokens };
  }
  const { usernameClaim, roleMap } = settings;
  const login = createOidcLogin({
    ...parts,
    provider,
    settings: { ...settings, neededClaims: [usernameClaim, groupsClaim] },
    redirectUri: `${publicUrl}/api/login/oidc/callback`,
    afterLogOutUri: `${publicUrl}/ui/login`,
  });
  const mapping = { usernameClaim, groupsClaim, roleMap };
  const operations = createOidcOperations({
    ...parts,
    publicUrl,
    provider: { issuer, login, mapping },
  });
  return { operations, externalTokens };
}

function buildMonitor(
  config: Config,
  parts: {
    readonly guard: OutboundGuard;
    readonly credentials: UpstreamCredentials;
    readonly systemTrust: SecureContext;
    readonly log: Log;
  },
): UpstreamMonitor {
  const { guard, credentials, systemTrust, log } = parts;
  return createUpstreamMonitor({
    store: createFileDiscoveryStore({ dataDir: config.dataDir, log }),
    guard,
    credentials,
    config: {
      intervalMs: config.health.intervalSeconds * 1000,
      timeoutMs: config.health.timeoutSeconds * 1000,
      toolsRefreshMs: config.toolsRefreshSeconds * 1000,
      publicUrl: config.publicUrl,
      systemTrust,
    },
    log,
  });
}

/** Use cases, and the API in front of them. */
function buildApp(
  config: Config,
  parts: {
    readonly store: Store;
    readonly gate: { readonly records: GateRecords };
    readonly gateway: Gateway;
    readonly settings: GatewaySettings;
    readonly monitor: UpstreamMonitor;
    readonly vault: Vault;
    readonly sessionStore: Awaited<ReturnType<typeof createFileSessionStore>>;
    readonly auditLog: AuditLog;
    readonly audited: Audited;
    readonly key: string;
    readonly version: string;
    readonly clock: () => Date;
    readonly log: Log;
  },
) {
  const { store, gate, gateway, monitor, vault, sessionStore } = parts;
  const { auditLog, audited, key, version, clock, log } = parts;
  const { dataDir, publicUrl } = config;
  const uses = createTokenUse({
    saved: createFileTokenUseStore({ dataDir, log }),
    store,
    log,
  });
  const authenticator = createAuthenticator({
    store,
    clock,
    onUse: (id) => uses.touch(id, clock()),
  });
  const throttle = createLoginThrottle({ clock });
  const tokens = createTokenOperations({ store, uses, clock, log });
  const identity = buildIdentity(config, { store, secretKey: key, clock, log });
  const ownGateway = openOwnGateway(ownListener(parts.settings));
  const app = createApp({
    servers: createServerOperations({
      store,
      gateway,
      monitor,
      toolCaller: createGatewayToolCaller({
        gatewayUrl: ownGateway.url,
        fetch: ownGateway.fetch,
      }),
      callTokens: createCallTokens({ records: gate.records, store, secretKey: key, clock, log }),
      vault,
      clock,
      publicUrl,
      ...(config.oidc && { issuer: config.oidc.issuer }),
      log,
    }),
    tokens,
    oidc: identity.operations,
    learnToken: createLearnToken({
      ...identity,
      learn: (sha256, record, asOf) => gate.records.learn(sha256, record, asOf),
      store,
      clock,
    }),
    groups: createGroupOperations({ store, clock, log }),
    system: createSystemOperations({ store, gateway, monitor, auditLog, version }),
    logIn: createLogIn({ authenticator, throttle, log }),
    users: createUserOperations({ store, sessions: sessionStore, clock, log }),
    account: createAccountOperations({ store, sessions: sessionStore, throttle, clock, log }),
    sessions: createSessionOperations({ sessions: sessionStore, log }),
    version,
    authenticator,
    audit: createAuditQueries({ auditLog }),
    audited,
    sessionStore,
    secretKey: key,
    clock,
    trustedProxies: config.trustedProxies,
    publicUrl,
    log,
  });
  return { app, uses, tokens, ownGateway };
}

/** A committed change is passed on to everybody whom it concerns. */
function joinParts(parts: {
  readonly store: Store;
  readonly monitor: UpstreamMonitor;
  readonly addresses: AddressBook;
  readonly gateway: Gateway;
  readonly files: CredentialFiles;
}): () => void {
  const { store, monitor, addresses, gateway, files } = parts;
  const endpoints = trackEndpoints(monitor);
  const leaves = [
    store.subscribe((state, before) => {
      if (state.catalog === before.catalog) return;
      // First of all: a route must find its credential.
      files.sync(state.catalog.servers);
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

/** What proves to upstreams who calls: for the registry's own requests, and as files for nginx. */
function buildUpstreamAuth(
  config: Config,
  parts: {
    readonly vault: Vault;
    readonly guard: OutboundGuard;
    readonly systemTrust: SecureContext;
    readonly log: Log;
  },
) {
  const { vault, guard, systemTrust, log } = parts;
  const { open } = vault;
  const timeoutMs = config.health.timeoutSeconds * 1000;
  const tokens = createOAuthTokens({ open, guard, systemTrust, timeoutMs, log });
  const credentials = createUpstreamCredentials({ open, tokens });
  const gate = gateDirectory(config);
  const folder = createCredentialFolder({ ...gate, path: path.join(gate.path, 'upstream') });
  const files = createCredentialFiles({ folder, credentials, tokens, log });
  const stop = () => {
    files.stop();
    tokens.stop();
  };
  return { credentials, files, stop };
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
  const certificates =
    settings.tls &&
    createCertificates({
      source: settings.tls,
      folder: createCertificateFolder(layout.certificates),
      clock: () => new Date(),
      log,
    });
  return createGateway({
    settings,
    render,
    sources,
    ...(certificates && { certificates }),
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
    njsModule: njsModule(config.nginx),
    gateFolder: gateDirectory(config).path,
    gateLearns: config.oidc !== undefined,
    ...config.limits,
    retiredFolder: nginxLayout(config.dataDir).retired,
  };
}

/** Gate records at their place. @throws Error when that place cannot be ours alone */
async function openGate(config: Config, key: string, clock: () => Date, log: Log) {
  const directory = createGateDirectory(gateDirectory(config), gateLearnKey(key));
  await directory.claim();
  const records = createGateRecords({ directory, secretKey: key, clock, log });
  const endsWithUs = config.gateDir === undefined && config.nginx.mode !== 'external';
  return {
    records,
    path: directory.path,
    /** Memory is given back, now that nginx has ended as well. */
    async close(): Promise<void> {
      await records.close();
      if (endsWithUs) await directory.discard();
    },
  };
}

/** No token counts at the gateway before this. API and UI come up even when it fails; it is tried again. */
async function bringGateUp(records: GateRecords, store: Store, log: Log): Promise<void> {
  await records.sync(store.state()).catch((thrown: unknown) => {
    log.error('The gateway does not know all tokens yet.', { reason: messageOf(thrown) });
  });
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
  const owner = store.state().accounts.find(isWorkingAdmin);
  if (owner === undefined || !store.health().writable) return;
  if (kept !== undefined && authenticator.ofToken(kept) !== undefined) return;
  const principal = authenticator.ofUser(owner.username);
  if (principal === undefined) return;
  const { token } = await tokens.issue({ name: SCRIPTS_TOKEN, scopes: ['admin'] }, principal);
  writePrivateFile(file, token);
}

function ownPorts({ registry, gateway }: Config): number[] {
  return [registry.port, gateway.port, ...(gateway.tls === undefined ? [] : [gateway.tls.port])];
}

/** Where the registry reaches the gateway; with HTTPS the plain port may refuse calls. */
function ownListener({ listen: { address, port }, tls }: GatewaySettings) {
  const at = connectAddress(address);
  return tls === undefined || tls.allowPlain
    ? ({ address: at, port, scheme: 'http' } as const)
    : ({ address: at, port: tls.port, scheme: 'https' } as const);
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
