import { z } from 'zod';
import { mayUseBeyondTools } from '../../access/policy.js';
import type { Principal } from '../../access/principal.js';
import type { Discovery, Prompt, Resource } from '../../catalog/discovery.js';
import type { Store } from '../../store/store.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { requireReadable } from './server-lookup.js';
import type { Health } from '../../upstream/health.js';
import { healthViewSchema } from './health-view.js';
import { factsOf } from './server-view.js';

const fetchedAt = z
  .string()
  .nullable()
  .meta({ description: 'When the lists were fetched; null before the first time.' });

/** All text is the server's and must be shown as text. */
export const promptViewSchema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  arguments: z.array(z.record(z.string(), z.unknown()).readonly()).readonly().optional(),
});
export const resourceViewSchema = z.strictObject({
  uri: z.string(),
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  mimeType: z.string().optional(),
});
export const promptListSchema = z.strictObject({
  prompts: z.array(promptViewSchema).readonly(),
  fetchedAt,
});
export const resourceListSchema = z.strictObject({
  resources: z.array(resourceViewSchema).readonly(),
  fetchedAt,
});

export const healthHistorySchema = z.strictObject({
  current: healthViewSchema,
  checks: z.array(healthViewSchema).readonly().meta({
    description:
      'What the last checks found, each by itself, newest first, at most 50. They are forgotten when the registry stops or the server moves.',
  }),
});

export interface HealthHistory {
  readonly current: Health;
  readonly checks: readonly Health[];
}

export type PromptList = z.output<typeof promptListSchema>;
export type ResourceList = z.output<typeof resourceListSchema>;

/** What was found out about a server besides its tools. Who sees it through groups that give single tools gets no prompts and resources. */
export interface ServerFindings {
  /** The last good list. @throws RegistryError `server-not-found` */
  prompts(path: string, by: Principal): PromptList;
  /** The last good list. @throws RegistryError `server-not-found` */
  resources(path: string, by: Principal): ResourceList;
  /** @throws RegistryError `server-not-found` */
  healthHistory(path: string, by: Principal): HealthHistory;
}

export function createServerFindings(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly monitor: Pick<UpstreamMonitor, 'discovery' | 'health' | 'checks'>;
}): ServerFindings {
  const { store, monitor } = deps;
  const offered = (path: string, { visibility }: Principal): Partial<Discovery> => {
    const { server, seen } = requireReadable(store.state(), path, visibility);
    const { toolsFetchedAt, prompts, resources } =
      factsOf(server, monitor.discovery(server.path)) ?? NOTHING;
    const fetched = toolsFetchedAt !== undefined && { toolsFetchedAt };
    return mayUseBeyondTools(seen) ? { ...fetched, prompts, resources } : { ...fetched };
  };
  return {
    prompts: (path, by) => {
      const { prompts = [], toolsFetchedAt = null } = offered(path, by);
      return { prompts: prompts.map(viewPrompt), fetchedAt: toolsFetchedAt };
    },
    resources: (path, by) => {
      const { resources = [], toolsFetchedAt = null } = offered(path, by);
      return { resources: resources.map(viewResource), fetchedAt: toolsFetchedAt };
    },
    healthHistory: (path, { visibility }) => {
      const { server } = requireReadable(store.state(), path, visibility);
      return { current: monitor.health(server.path), checks: monitor.checks(server.path) };
    },
  };
}

const NOTHING = { toolsFetchedAt: undefined, prompts: [], resources: [] };

export function viewPrompt(prompt: Prompt): z.output<typeof promptViewSchema> {
  const { name, title, description, arguments: wanted } = prompt;
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(wanted && { arguments: wanted }),
  };
}

export function viewResource(resource: Resource): z.output<typeof resourceViewSchema> {
  const { uri, name, title, description, mimeType } = resource;
  return {
    uri,
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(mimeType !== undefined && { mimeType }),
  };
}
