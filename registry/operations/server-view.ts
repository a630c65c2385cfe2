import { z } from 'zod';
import { mayCall, type ServerAccess, mayUseBeyondTools } from '../access/policy.js';
import type { InvalidRecord } from '../catalog/catalog.js';
import type { Discovery } from '../catalog/discovery.js';
import type { OpenSecret } from '../catalog/server-auth.js';
import { limitsSchema } from '../catalog/server-limits.js';
import { ACCESS_MODES, SERVER_DEFAULTS, TRANSPORTS, type Server } from '../catalog/server.js';
import type { Exclusion } from '../gateway/gateway.js';
import { UNKNOWN_HEALTH, type Health } from '../upstream/health.js';
import { authViewSchema, viewAuth } from './auth-view.js';
import { exclusionViewSchema } from './exclusion-view.js';
import { healthViewSchema } from './health-view.js';

/** A server as the outside sees it: what was decided, what was found, and what nginx made of it. */
export const serverViewSchema = z.strictObject({
  path: z.string(),
  name: z.string(),
  description: z.string(),
  url: z.string(),
  transport: z.enum(TRANSPORTS),
  detectedTransport: z.enum(['streamable-http', 'sse']).optional(),
  era: z.enum(['legacy', 'modern']).optional(),
  protocolVersion: z.string().optional(),
  endpoint: z.string().optional(),
  enabled: z.boolean(),
  access: z.enum(ACCESS_MODES),
  tags: z.array(z.string()).readonly(),
  owner: z.string(),
  timeoutSeconds: z.int(),
  maxBodyBytes: z.int(),
  hostHeader: z.string(),
  tls: z.strictObject({ verify: z.boolean(), caPem: z.string().optional() }),
  limits: limitsSchema,
  auth: authViewSchema,
  publicUrl: z.string(),
  sseUrl: z.string().optional(),
  toolCount: z.int(),
  promptCount: z.int(),
  resourceCount: z.int(),
  toolsFetchedAt: z.string().optional(),
  toolsStale: z.string().optional().meta({ description: 'Why the list could not be renewed.' }),
  warnings: z.array(z.string()).readonly().optional(),
  health: healthViewSchema,
  exclusion: exclusionViewSchema.optional(),
  revision: z.int().meta({ description: 'Goes into If-Match, in double quotes.' }),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export type ServerView = z.output<typeof serverViewSchema>;

export interface ServerFacts {
  /** What the viewer sees of it. */
  readonly seen: ServerAccess;
  readonly health: Health;
  readonly discovery: Discovery | undefined;
  readonly exclusion: Exclusion | undefined;
  /** To tell whether the secrets can be read; they are never shown. */
  readonly open: OpenSecret;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
}

export function viewServer(server: Server, facts: ServerFacts): ServerView {
  const { exclusion, publicUrl } = facts;
  const discovery = factsOf(server, facts.discovery);
  const detected = discovery?.endpoint.transport;
  const speaksSse = server.transport === 'sse' || detected === 'sse';
  return {
    ...server,
    auth: viewAuth(server.auth, facts.open),
    ...(discovery && viewDiscovery(discovery)),
    publicUrl: publicUrlOf(server, publicUrl),
    ...(speaksSse && { sseUrl: `${publicUrl}${server.path}/sse` }),
    ...countsOf(discovery, facts.seen),
    health: facts.health,
    ...(exclusion && { exclusion: { reason: exclusion.reason, detail: exclusion.detail } }),
  };
}

/** Whoever sees a server through groups gets the tools that they give, and neither prompts nor resources. */
function countsOf(discovery: Discovery | undefined, seen: ServerAccess) {
  const { tools = [], prompts = [], resources = [] } = discovery ?? {};
  return {
    toolCount: tools.filter(({ name }) => mayCall(seen, name)).length,
    promptCount: mayUseBeyondTools(seen) ? prompts.length : 0,
    resourceCount: mayUseBeyondTools(seen) ? resources.length : 0,
  };
}

/** Where clients reach a server with Streamable HTTP. */
export function publicUrlOf(server: Pick<Server, 'path'>, publicUrl: string): string {
  return `${publicUrl}${server.path}/mcp`;
}

/** What was discovered at another address says nothing of the present one. */
export function factsOf(
  server: Pick<Server, 'url'>,
  discovery: Discovery | undefined,
): Discovery | undefined {
  return discovery?.of === server.url ? discovery : undefined;
}

/**
 * A record that cannot be read, in the shape of a server: what is not known is empty, zero or the
 * default, and the exclusion says why.
 */
export function viewInvalidRecord({ path, record, reason }: InvalidRecord): ServerView {
  const { description, transport, access, timeoutSeconds, maxBodyBytes, hostHeader, tls, limits } =
    SERVER_DEFAULTS;
  return {
    path,
    name: nameIn(record) ?? path,
    description,
    url: '',
    transport,
    enabled: false,
    access,
    tags: [],
    owner: '',
    timeoutSeconds,
    maxBodyBytes,
    hostHeader,
    tls,
    limits,
    auth: { type: 'none' },
    publicUrl: '',
    toolCount: 0,
    promptCount: 0,
    resourceCount: 0,
    health: UNKNOWN_HEALTH,
    exclusion: { reason: 'invalid-record', detail: reason },
    revision: 0,
    createdAt: '',
    updatedAt: '',
  };
}

function viewDiscovery(discovery: Discovery) {
  const { endpoint, era, protocolVersion, toolsFetchedAt, stale, warnings } = discovery;
  return {
    detectedTransport: endpoint.transport,
    era,
    endpoint: endpoint.url,
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(toolsFetchedAt !== undefined && { toolsFetchedAt }),
    ...(stale !== undefined && { toolsStale: stale }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function nameIn(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('name' in record)) return undefined;
  return typeof record.name === 'string' && record.name !== '' ? record.name : undefined;
}
