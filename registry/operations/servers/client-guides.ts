import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import { CLIENT_HOSTS } from '../../catalog/clients/client-hosts.js';
import { clientTarget, type ClientTarget } from '../../catalog/clients/client-target.js';
import { RegistryError } from '../../errors.js';
import type { Store } from '../../store/store.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { isOwnMcpPath, OWN_MCP_PATH, OWN_MCP_TITLE } from './own-mcp-server.js';
import { requireReadable } from './server-lookup.js';
import { factsOf } from './server-view.js';
import { validate } from '../validate.js';

export const clientHostsSchema = z.strictObject({
  hosts: z.array(z.strictObject({ id: z.string(), title: z.string() })).readonly(),
});
export type ClientHostList = z.output<typeof clientHostsSchema>;

export const clientGuideQuerySchema = z.strictObject({
  server: z.string().min(1).max(200).meta({ description: 'Path of the server.' }),
});

export const clientGuideSchema = z.strictObject({
  host: z.string(),
  title: z.string(),
  language: z.enum(['json', 'toml', 'shell']),
  file: z.string().optional().meta({ description: 'Where the text belongs.' }),
  text: z.string(),
  placeholder: z.string().optional().meta({
    description:
      'What in the text stands for a token of the gateway. Absent: none is needed, or the host asks for it.',
  }),
  installUrl: z.string().optional().meta({ description: 'Never holds a token.' }),
  notes: z.array(z.string()).readonly(),
});
export type ClientGuide = z.output<typeof clientGuideSchema>;

/** How programs in which agents run are told of a server. */
export interface ClientGuides {
  hosts(): ClientHostList;
  /** @throws RegistryError `host-not-found`, `server-not-found`, `validation-failed` */
  guide(host: string, query: unknown, by: Principal): ClientGuide;
}

export function createClientGuides(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly monitor: Pick<UpstreamMonitor, 'discovery'>;
  readonly publicUrl: string;
}): ClientGuides {
  const { store, monitor, publicUrl } = deps;
  return {
    hosts: () => ({ hosts: CLIENT_HOSTS.map(({ id, title }) => ({ id, title })) }),
    guide: (id, query, { visibility }) => {
      const host = requireHost(id);
      const { server: path } = validate(clientGuideQuerySchema, query);
      const isOurs = isOwnMcpPath(path) && visibility.server === undefined;
      if (isOurs) return { host: host.id, title: host.title, ...host.guide(ownTarget(publicUrl)) };
      const { server } = requireReadable(store.state(), path, visibility);
      const facts = factsOf(server, monitor.discovery(server.path));
      const found = facts && { transport: facts.endpoint.transport, era: facts.era };
      const { notes, ...guide } = host.guide(clientTarget(server, found, publicUrl));
      const off = `${server.path} is disabled: clients are answered 503 until it is enabled.`;
      return {
        host: host.id,
        title: host.title,
        ...guide,
        notes: server.enabled ? notes : [off, ...notes],
      };
    },
  };
}

function ownTarget(publicUrl: string): ClientTarget {
  const transport = 'streamable-http';
  return clientTarget(
    {
      path: OWN_MCP_PATH,
      name: OWN_MCP_TITLE,
      transport,
      access: 'authenticated',
      auth: { type: 'none' },
    },
    { transport, era: 'modern' },
    publicUrl,
  );
}

function requireHost(id: string) {
  const host = CLIENT_HOSTS.find((each) => each.id === id);
  if (host !== undefined) return host;
  const known = CLIENT_HOSTS.map((each) => each.id).join(', ');
  throw new RegistryError(
    'host-not-found',
    `There is no host ${JSON.stringify(id.slice(0, 100))}; known are ${known}.`,
  );
}
