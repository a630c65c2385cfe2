import path from 'node:path';
import type { SecureContext } from 'node:tls';
import type { Vault } from '../access/vault.js';
import type { Config } from '../config/config.js';
import type { Log } from '../log.js';
import { gateDirectory } from '../machine.js';
import type { Trace } from '../trace.js';
import { createFileDiscoveryStore } from '../store/file/file-discovery-store.js';
import { createCredentialFiles } from '../upstream/credential-files.js';
import { createCredentialFolder } from '../upstream/credential-folder.js';
import { createUpstreamCredentials, type UpstreamCredentials } from '../upstream/credentials.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import { createOAuthTokens } from '../upstream/oauth-token.js';
import type { OutboundGuard } from '../upstream/outbound-guard.js';
import { createUpstreamMonitor } from '../upstream/upstream-monitor.js';

export function buildMonitor(
  config: Config,
  parts: {
    readonly guard: OutboundGuard;
    readonly credentials: UpstreamCredentials;
    readonly systemTrust: SecureContext;
    readonly log: Log;
    readonly trace: Trace;
  },
): UpstreamMonitor {
  const { guard, credentials, systemTrust, log, trace } = parts;
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
    trace,
  });
}

/** What proves to upstreams who calls: for the registry's own requests, and as files for nginx. */
export function buildUpstreamAuth(
  config: Config,
  parts: {
    readonly vault: Vault;
    readonly guard: OutboundGuard;
    readonly systemTrust: SecureContext;
    readonly log: Log;
    readonly trace: Trace;
  },
) {
  const { vault, guard, systemTrust, log, trace } = parts;
  const { open } = vault;
  const timeoutMs = config.health.timeoutSeconds * 1000;
  const tokens = createOAuthTokens({ open, guard, systemTrust, timeoutMs, log, trace });
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
