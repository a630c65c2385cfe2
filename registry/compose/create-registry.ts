import { createServer } from 'node:http';
import { createSecureContext } from 'node:tls';
import { ensureFirstAdmin, type GeneratedCredentials } from '../access/first-admin.js';
import { gateCommits } from '../access/gated-store.js';
import { createVault } from '../access/vault.js';
import { createFileAuditLog } from '../audit/file-audit-log.js';
import type { Config } from '../config/config.js';
import type { Gateway } from '../gateway/gateway.js';
import { answerUnreadable } from '../http/unreadable-request.js';
import type { Log } from '../log.js';
import { productRoot, productVersion, trustBundle } from '../machine.js';
import { changeBySystem, createAudited } from '../operations/audit/audited.js';
import { secretKey } from '../secrets.js';
import { createFileSessionStore } from '../store/file/file-session-store.js';
import { createFileStore } from '../store/file/file-store.js';
import { openTracing } from '../tracing/open-tracing.js';
import { createAddressBook } from '../upstream/address-book.js';
import { createOutboundGuard } from '../upstream/outbound-guard.js';
import { createGitHubReader } from '../upstream/github-reader.js';
import { createRegistryReader } from '../upstream/registry-reader.js';
import { buildApp } from './build-app.js';
import { buildGateway, planSources } from './build-gateway.js';
import { attachLive, buildLive } from './build-live.js';
import { buildUpstreamAuth, buildMonitor } from './build-upstream.js';
import { buildUsage } from './build-usage.js';
import { ownPorts, gatewaySettings } from './gateway-settings.js';
import { closeServer, listen } from './http-listener.js';
import { inTurn, inTurnUntil } from './in-turn.js';
import { joinParts } from './join-parts.js';
import { bringGateUp, openGate } from './open-gate.js';
import { issueScriptsToken } from './scripts-token.js';

/** Names that do not resolve in this time are served as soon as they do; nobody else waits for them. */
const FIRST_LOOKUP_MS = 1500;

const clock = () => new Date();

/** The registry with everything in it, joined but not started. */
export interface Registry {
  /** Listens, and brings nginx up. The listener answers before nginx is ready. Gives up when it is stopped meanwhile. */
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly gateway: Gateway;
  /** Set at the very first start when no password was given: to be shown once. */
  readonly generated: GeneratedCredentials | undefined;
}

/** Builds all parts and joins them. @throws DataDirLockedError, Error when settings do not fit this machine */
export async function createRegistry(config: Config, log: Log): Promise<Registry> {
  const { dataDir } = config;
  const { upstreamAuth, tracing, ...parts } = await openParts(config, log);
  const { store, gate, gateway, monitor, addresses, sessionStore, auditLog, audited } = parts;
  const usage = buildUsage(config, { ...parts, liveConnections: () => live.connections() });
  const built = buildApp(config, { ...parts, usage });
  const { app, records, tokens, ownGateway, ownMcp, finder, pullSchedule } = built;
  const http = createServer(app);
  answerUnreadable(http);
  const live = buildLive(config, { ...parts, ...records, ...built });
  attachLive(http, live);
  const generated = await audited.run(changeBySystem('user.create', { type: 'user' }), () =>
    ensureFirstAdmin({ store, admin: config.admin, clock, log }),
  );
  const { files } = upstreamAuth;
  const servers = () => store.state().catalog.servers;
  let starting: Promise<void> | undefined;
  let isStopping = false;
  const leave = joinParts({ store, monitor, addresses, gateway, files, ...records });

  return {
    gateway,
    generated,
    start: () =>
      (starting = inTurnUntil(
        () => isStopping,
        [
          () => records.load(),
          () =>
            audited.run(changeBySystem('token.issue', { type: 'token' }), () =>
              issueScriptsToken({ dataDir, store, tokens, clock }),
            ),
          () => bringGateUp(gate.records, store, log),
          () => listen(http, config.registry),
          () => {
            // Nobody but nginx reads them.
            if (config.nginx.mode !== 'none') files.start(servers());
            addresses.watch(servers());
            addresses.start();
          },
          () => monitor.start(servers()),
          () => usage.collector.start(),
          () => addresses.ready(FIRST_LOOKUP_MS),
          () => gateway.start(),
          () => records.repositories.start(servers()),
          () => pullSchedule.start(),
          () => finder.start(),
        ],
      )),
    async stop() {
      isStopping = true;
      // What is being started would be left behind.
      await starting?.catch(() => undefined);
      await inTurn([
        () => pullSchedule.stop(),
        leave,
        () => live.stop(),
        () => ownMcp.stop(),
        () => closeServer(http),
        () => ownGateway.close(),
        () => finder.stop(),
        () => monitor.stop(),
        () => upstreamAuth.stop(),
        () => addresses.stop(),
        () => gateway.stop(),
        // nginx writes its last lines when it ends.
        () => usage.collector.stop(),
        () => gate.close(),
        () => records.close(),
        () => sessionStore.close(),
        () => audited.leave(),
        () => auditLog.close(),
        () => store.close(),
        () => tracing.close(),
      ]);
    },
  };
}

/** What everything else is built on: state, upstreams and nginx. */
async function openParts(config: Config, log: Log) {
  const root = productRoot();
  const { dataDir } = config;
  const tracing = await openTracing(config.tracing, { version: productVersion(root), log });
  const { trace } = tracing;
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
  const upstreamAuth = buildUpstreamAuth(config, { vault, guard, systemTrust, log, trace });
  const { credentials } = upstreamAuth;
  const monitor = buildMonitor(config, { guard, credentials, systemTrust, log, trace });
  const settings = await gatewaySettings(config, trust.file);
  const sources = planSources(store, monitor, addresses);
  const gateway = buildGateway(config, root, settings, sources, { log, trace });
  const readers = {
    readRegistry: createRegistryReader({ guard, systemTrust }),
    readGitHub: createGitHubReader({ ...config.github, guard, systemTrust, clock }),
  };
  const { judgeUrl } = guard;
  const state = { store, gate, sessionStore, auditLog, audited, vault, key, judgeUrl, ...readers };
  const ways = { gateway, settings, monitor, addresses, upstreamAuth, tracing, trace };
  return { ...state, ...ways, root, clock, log };
}
