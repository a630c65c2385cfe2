import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import type { Vault } from '../../access/vault.js';
import { hasSecrets } from '../../catalog/server-auth.js';
import type { ServerPath } from '../../catalog/server-path.js';
import { SERVER_DEFAULTS, serverInputSchema, type Server } from '../../catalog/server.js';
import type { Store } from '../../store/store.js';
import type { CheckResult } from '../../upstream/check-server.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { probeCandidates } from '../../upstream/probe-candidates.js';
import { healthViewSchema } from './health-view.js';
import { requireOwn } from './ownership.js';
import { AUTH_HINTS, settleAuth } from './server-credentials.js';
import {
  promptViewSchema,
  resourceViewSchema,
  viewPrompt,
  viewResource,
} from './server-findings.js';
import { readable } from './server-lookup.js';
import { serverViewSchema } from './server-view.js';
import { toolViewSchema, viewTool } from '../tools/tool-view.js';
import { validate } from '../validate.js';

const { url, transport, tls, hostHeader, auth, path } = serverInputSchema.shape;
export const probeInputSchema = z.strictObject({
  url,
  transport,
  tls,
  hostHeader,
  auth,
  path: path.optional().meta({ description: 'Of a registered server, whose secrets may be used.' }),
});

const { era, protocolVersion, serverInfo, instructions, capabilities } = serverViewSchema.shape;
/** What is behind an address, without its being registered. */
export const probeViewSchema = z.strictObject({
  health: healthViewSchema,
  era,
  protocolVersion,
  transport: z.enum(['streamable-http', 'sse']).optional(),
  endpoint: z.string().optional().meta({ description: 'Where it answered.' }),
  serverInfo,
  instructions,
  capabilities,
  tools: z.array(toolViewSchema).readonly().meta({
    description: '`server` is empty where the address is probed for no registered server.',
  }),
  prompts: z.array(promptViewSchema).readonly(),
  resources: z.array(resourceViewSchema).readonly(),
  warnings: z.array(z.string()).readonly(),
  durationMs: z.int(),
});
export type ServerProbe = z.output<typeof probeViewSchema>;

/** Nobody can register it: it is reserved. */
const NO_PATH = '/register' as ServerPath;

export function createServerProbe(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly monitor: Pick<UpstreamMonitor, 'probe'>;
  readonly vault: Vault;
  readonly clock: () => Date;
}): (input: unknown, by: Principal, signal: AbortSignal) => Promise<ServerProbe> {
  const { store, monitor, vault, clock } = deps;
  return async (input, by, signal) => {
    const wanted = validate(probeInputSchema, input, AUTH_HINTS);
    const before =
      wanted.path === undefined
        ? undefined
        : readable(requireOwn(store.state(), wanted.path, by, 'servers:write-any')).server;
    const at = clock().toISOString();
    const server: Server = {
      ...SERVER_DEFAULTS,
      tags: [],
      ...wanted,
      name: 'probe',
      path: before?.path ?? NO_PATH,
      auth: settleAuth({ vault, before, auth: wanted.auth, url: wanted.url, at }),
      owner: by.username,
      revision: 0,
      createdAt: at,
      updatedAt: at,
    };
    const startedAt = performance.now();
    const result = await monitor.probe(server, signal);
    const durationMs = Math.round(performance.now() - startedAt);
    return { ...viewResult(server, before?.path ?? '', result, at), durationMs };
  };
}

function viewResult(server: Server, shownPath: string, result: CheckResult, checkedAt: string) {
  const { assessment, found, listed } = result;
  return {
    health: { ...assessment, checkedAt },
    ...(found && {
      era: found.era,
      transport: found.endpoint.transport,
      endpoint: found.endpoint.url,
    }),
    ...(listed?.protocolVersion !== undefined && { protocolVersion: listed.protocolVersion }),
    ...(listed?.serverInfo && { serverInfo: listed.serverInfo }),
    ...(listed?.instructions !== undefined && { instructions: listed.instructions }),
    capabilities: listed?.capabilities ?? [],
    tools: (listed?.tools ?? []).map((tool) => viewTool(tool, shownPath, false)),
    prompts: (listed?.prompts ?? []).map(viewPrompt),
    resources: (listed?.resources ?? []).map(viewResource),
    warnings: warningsOf(server, result),
  };
}

/** What is odd about the way to the server, then what is odd about its lists. */
function warningsOf(server: Server, { found, listed, listingFault }: CheckResult): string[] {
  const {
    url: asked,
    tls: { verify },
  } = server;
  const isEncrypted = asked.startsWith('https:');
  const at = found?.endpoint.url;
  const tried = probeCandidates(asked, server.transport).map((candidate) => candidate.url);
  return [
    isEncrypted &&
      !verify &&
      'The certificate is not looked at (tls.verify is false): anybody on the way can read and change what is said.',
    !isEncrypted && hasSecrets(server.auth) && 'The credential travels without TLS.',
    at !== undefined &&
      !tried.includes(at) &&
      `${asked} redirects to ${at}. Register that address: a redirect costs every call a round trip.`,
    listingFault ?? false,
    ...(listed?.warnings ?? []),
  ].filter((warning) => typeof warning === 'string');
}
