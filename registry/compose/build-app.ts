import path from 'node:path';
import { createAuthenticator } from '../access/authenticator.js';
import { createCallTokens } from '../access/call-tokens.js';
import type { GateRecords } from '../access/gate-records.js';
import { createLoginThrottle } from '../access/login-throttle.js';
import type { Vault } from '../access/vault.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { Config } from '../config/config.js';
import type { Gateway } from '../gateway/gateway.js';
import type { GatewaySettings } from '../gateway/plan/settings.js';
import { createApp } from '../http/app.js';
import type { Log } from '../log.js';
import { productVersion } from '../machine.js';
import { createOwnMcpServer } from '../mcpgw/create-own-mcp-server.js';
import { createAccountOperations } from '../operations/access/account-operations.js';
import type { Audited } from '../operations/audit/audited.js';
import { createLearnToken } from '../operations/access/gate-learning.js';
import { createGatewayToolCaller } from '../operations/tools/gateway-tool-caller.js';
import { createGenerationOperations } from '../operations/system/generation-operations.js';
import { createGroupOperations } from '../operations/access/group-operations.js';
import { createLogIn } from '../operations/access/log-in.js';
import type { OwnMcpServer } from '../operations/servers/own-mcp-server.js';
import { createOwnServer, type OwnServer } from '../operations/servers/own-server.js';
import { createServerOperations } from '../operations/servers/server-operations.js';
import { createSessionOperations } from '../operations/access/session-operations.js';
import { createSystemOperations } from '../operations/system/system-operations.js';
import { createTokenOperations } from '../operations/access/token-operations.js';
import { createUserOperations } from '../operations/access/user-operations.js';
import type { Trace } from '../trace.js';
import { createFileSessionStore } from '../store/file/file-session-store.js';
import type { Store } from '../store/store.js';
import type { AddressBook } from '../upstream/address-book.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { OutboundGuard } from '../upstream/outbound-guard.js';
import { openOwnGateway, type OwnGateway } from '../upstream/own-gateway.js';
import type { ReadGitHub } from '../upstream/github-reader.js';
import type { ReadRegistry } from '../upstream/registry-reader.js';
import { buildIdentity } from './build-identity.js';
import { buildImports } from './build-imports.js';
import { buildQueries } from './build-queries.js';
import { ownListener } from './gateway-settings.js';
import type { Usage } from './build-usage.js';
import { openRecords, type Records } from './open-records.js';

interface AppParts {
  readonly store: Store;
  readonly gate: { readonly records: GateRecords };
  readonly gateway: Gateway;
  readonly settings: GatewaySettings;
  readonly monitor: UpstreamMonitor;
  readonly addresses: AddressBook;
  readonly vault: Vault;
  readonly judgeUrl: OutboundGuard['judgeUrl'];
  readonly readRegistry: ReadRegistry;
  readonly readGitHub: ReadGitHub;
  readonly sessionStore: Awaited<ReturnType<typeof createFileSessionStore>>;
  readonly auditLog: AuditLog;
  readonly audited: Audited;
  readonly usage: Usage;
  readonly key: string;
  /** Of the installation. */
  readonly root: string;
  readonly clock: () => Date;
  readonly trace: Trace;
  readonly log: Log;
}

/** Use cases, and the API in front of them. */
export function buildApp(config: Config, parts: AppParts) {
  const { store, gate, gateway, monitor, sessionStore } = parts;
  const { auditLog, audited, key, root, clock, trace, log } = parts;
  const version = productVersion(root);
  const { dataDir, publicUrl } = config;
  const records = openRecords({ ...parts, dataDir });
  const { uses, reviews, repositories } = records;
  const authenticator = createAuthenticator({
    store,
    clock,
    onUse: (id) => uses.touch(id, clock()),
  });
  const throttle = createLoginThrottle({ clock });
  const tokens = createTokenOperations({ store, uses, clock, log });
  const identity = buildIdentity(config, { store, secretKey: key, clock, log });
  const ownGateway = openOwnGateway(ownListener(parts.settings), trace);
  const { finder, ...queries } = buildQueries(config, parts);
  const { pullSchedule, ...imports } = buildImports({ ...parts, authenticator });
  const { settings } = config;
  const startedAt = clock().toISOString();
  const system = createSystemOperations({
    store,
    gateway,
    monitor,
    auditLog,
    version,
    startedAt,
    settings,
    meaning: () => finder.meaning(),
  });
  const own = createOwnServer({ publicUrl, version, toolsFor: (by) => ownMcp.tools(by) });
  const servers = buildServers(config, { ...parts, reviews, repositories, own }, ownGateway);
  const ownMcp: OwnMcpServer = createOwnMcpServer({
    servers,
    system,
    ...queries,
    version,
    audited,
    log,
  });
  const app = createApp({
    servers,
    ...imports,
    ownMcp,
    tokens,
    oidc: identity.operations,
    learnToken: createLearnToken({
      ...identity,
      learn: (sha256, record, asOf) => gate.records.learn(sha256, record, asOf),
      store,
      clock,
    }),
    groups: createGroupOperations({ store, clock, log }),
    system,
    generations: createGenerationOperations({ store, gateway, auditLog, clock, log }),
    logIn: createLogIn({ authenticator, throttle, log }),
    users: createUserOperations({ store, sessions: sessionStore, clock, log }),
    account: createAccountOperations({ store, sessions: sessionStore, throttle, clock, log }),
    sessions: createSessionOperations({ sessions: sessionStore, log }),
    version,
    consoleFolder: path.join(root, 'dist', 'public'),
    authenticator,
    ...queries,
    metrics: parts.usage.metrics,
    metricsPublic: config.usage.metricsPublic,
    audited,
    sessionStore,
    secretKey: key,
    clock,
    trustedProxies: config.trustedProxies,
    publicUrl,
    trace,
    log,
  });
  const used = { records, tokens, ownGateway, ownMcp, finder, authenticator, system };
  return { app, pullSchedule, ...used };
}

/** What can be done with servers, calls through the gateway's own URL among it. */
function buildServers(
  config: Config,
  parts: AppParts & Pick<Records, 'reviews' | 'repositories'> & { readonly own: OwnServer },
  ownGateway: OwnGateway,
) {
  const { store, gate, gateway, monitor, addresses, reviews, repositories } = parts;
  const { own, vault, judgeUrl, key, clock, log } = parts;
  const { publicUrl } = config;
  return createServerOperations({
    store,
    gateway,
    monitor,
    addresses,
    reviews,
    repositories,
    own,
    toolCaller: createGatewayToolCaller({
      gatewayUrl: ownGateway.url,
      fetch: ownGateway.fetch,
    }),
    callTokens: createCallTokens({ records: gate.records, store, secretKey: key, clock, log }),
    vault,
    judgeUrl,
    clock,
    publicUrl,
    ...(config.oidc && { issuer: config.oidc.issuer }),
    log,
  });
}
