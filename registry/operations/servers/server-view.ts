import { z } from 'zod';
import { mayCall, type ServerAccess, mayUseBeyondTools } from '../../access/policy.js';
import type { InvalidRecord } from '../../catalog/catalog.js';
import type { Discovery } from '../../catalog/discovery.js';
import type { OpenSecret } from '../../catalog/server-auth.js';
import { limitsSchema } from '../../catalog/server-limits.js';
import { reviewedThrough, removedSince, type ServerReview } from '../../catalog/tool-review.js';
import { repositoryFindingSchema, type RepositoryFinding } from '../../catalog/repository.js';
import { originSchema } from '../../catalog/server-origin.js';
import { ACCESS_MODES, SERVER_DEFAULTS, TRANSPORTS, type Server } from '../../catalog/server.js';
import { withoutQueryValues } from '../../url-query.js';
import type { Exclusion } from '../../gateway/gateway.js';
import { UNKNOWN_HEALTH, type Health } from '../../upstream/health.js';
import { authViewSchema, viewAuth } from './auth-view.js';
import { exclusionViewSchema } from './exclusion-view.js';
import { healthViewSchema } from './health-view.js';

/** A server as the outside sees it: what was decided, what was found, and what nginx made of it. */
export const serverViewSchema = z.strictObject({
  builtIn: z.literal(true).optional().meta({
    description: "The registry's own MCP server: not in the catalog, and nothing to be changed.",
  }),
  path: z.string(),
  name: z.string(),
  description: z.string(),
  url: z.string().meta({
    description:
      'Values in its query read `[set]` for those who may neither change the server nor see the configuration; so in `endpoint` and `auth.tokenUrl`.',
  }),
  transport: z.enum(TRANSPORTS),
  detectedTransport: z.enum(['streamable-http', 'sse']).optional(),
  era: z.enum(['legacy', 'modern']).optional(),
  protocolVersion: z.string().optional(),
  endpoint: z.string().optional(),
  serverInfo: z
    .strictObject({ name: z.string(), version: z.string(), title: z.string().optional() })
    .optional()
    .meta({ description: 'What the server says of itself.' }),
  instructions: z.string().optional().meta({
    description: 'Text of the server for models, to be shown as text. Lists leave it out.',
  }),
  capabilities: z.array(z.string()).readonly().meta({
    description: 'What the server advertises, e.g. `tools`; empty before it was discovered.',
  }),
  enabled: z.boolean(),
  access: z.enum(ACCESS_MODES),
  repository: z.string().meta({ description: 'Where its source is; empty: unknown.' }),
  repositoryFacts: repositoryFindingSchema.optional().meta({
    description: 'What GitHub tells of the repository, renewed daily.',
  }),
  tags: z.array(z.string()).readonly(),
  owner: z.string(),
  origin: originSchema.optional().meta({
    description: 'The registry that it was pulled from; absent for other servers.',
  }),
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
  toolReview: z
    .strictObject({ new: z.int(), changed: z.int(), removed: z.int() })
    .optional()
    .meta({ description: 'Tools that differ from the last review; absent without a review.' }),
  warnings: z.array(z.string()).readonly().optional(),
  health: healthViewSchema,
  exclusion: exclusionViewSchema.optional(),
  revision: z.int().meta({ description: 'Goes into If-Match, in double quotes.' }),
  createdAt: z.string(),
  movedAt: z.string().optional().meta({
    description: 'When it got the path that it has; absent: when it was created.',
  }),
  updatedAt: z.string(),
});

export type ServerView = z.output<typeof serverViewSchema>;

export interface ServerFacts {
  /** Whether the viewer is shown what stands in the query of its address. */
  readonly wholeUrl: boolean;
  /** What the viewer sees of it. */
  readonly seen: ServerAccess;
  readonly health: Health;
  readonly discovery: Discovery | undefined;
  readonly exclusion: Exclusion | undefined;
  /** The last review of its tools. */
  readonly review: ServerReview | undefined;
  /** What is known of its repository. */
  readonly repository: RepositoryFinding | undefined;
  /** Why its reviews cannot be read. */
  readonly reviewFault: string | undefined;
  /** To tell whether the secrets can be read; they are never shown. */
  readonly open: OpenSecret;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
}

export function viewServer(server: Server, facts: ServerFacts): ServerView {
  const { exclusion, publicUrl, review, reviewFault, wholeUrl } = facts;
  const shown = (url: string) => (wholeUrl ? url : withoutQueryValues(url));
  const discovery = factsOf(server, facts.discovery);
  const detected = discovery?.endpoint.transport;
  const speaksSse = server.transport === 'sse' || detected === 'sse';
  const warnings = [
    ...(reviewFault === undefined ? [] : [reviewFault]),
    ...(discovery?.warnings ?? []),
  ];
  return {
    ...server,
    url: shown(server.url),
    auth: viewAuth(server.auth, facts.open, shown),
    capabilities: [],
    ...(discovery && viewDiscovery(discovery, shown)),
    ...(facts.repository && { repositoryFacts: facts.repository }),
    ...(warnings.length > 0 && { warnings }),
    ...(review && { toolReview: countReview(review, discovery, facts.seen) }),
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

/** Of the tools that the viewer sees. */
function countReview(
  review: ServerReview,
  discovery: Discovery | undefined,
  seen: ServerAccess,
): NonNullable<ServerView['toolReview']> {
  const tools = discovery?.tools ?? [];
  const states = tools
    .filter(({ name }) => mayCall(seen, name))
    .map(reviewedThrough(review))
    .map(({ state }) => state);
  return {
    new: states.filter((state) => state === 'new').length,
    changed: states.filter((state) => state === 'changed').length,
    removed: removedSince(review, tools).filter((name) => mayCall(seen, name)).length,
  };
}

/** Where clients reach a server with Streamable HTTP. */
export function publicUrlOf(server: { readonly path: string }, publicUrl: string): string {
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
    capabilities: [],
    enabled: false,
    access,
    repository: '',
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

function viewDiscovery(discovery: Discovery, shown: (url: string) => string) {
  const { endpoint, era, protocolVersion, toolsFetchedAt, stale } = discovery;
  const { serverInfo, instructions, capabilities } = discovery;
  return {
    detectedTransport: endpoint.transport,
    era,
    endpoint: shown(endpoint.url),
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(toolsFetchedAt !== undefined && { toolsFetchedAt }),
    ...(stale !== undefined && { toolsStale: stale }),
    ...(serverInfo && { serverInfo }),
    ...(instructions !== undefined && { instructions }),
    capabilities,
  };
}

function nameIn(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('name' in record)) return undefined;
  return typeof record.name === 'string' && record.name !== '' ? record.name : undefined;
}
