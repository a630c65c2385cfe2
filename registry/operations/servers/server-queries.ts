import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import type { Store } from '../../store/store.js';
import { isUnhealthy } from './health-view.js';
import { isOwnMcpPath } from './own-mcp-server.js';
import type { OwnServer } from './own-server.js';
import { matchesQuery, pageFields, pageOf } from '../page.js';
import { requireTarget, seenInvalid, seenServers } from './server-lookup.js';
import { viewInvalidRecord, type ServerView } from './server-view.js';
import type { ServerViewer } from './server-viewer.js';
import { validate } from '../validate.js';

export const serverQuerySchema = z.strictObject({
  query: z
    .string()
    .trim()
    .max(200)
    .default('')
    .meta({ description: 'Words that name, path, description or tags must contain.' }),
  status: z
    .enum(['all', 'enabled', 'disabled', 'issues'])
    .default('all')
    .meta({ description: '"issues": not reachable, not usable, or left out by nginx.' }),
  tag: z.string().optional(),
  ...pageFields,
});
type ServerQuery = z.output<typeof serverQuerySchema>;

interface ServerList {
  readonly servers: readonly ServerView[];
  readonly nextCursor?: string;
  /** How many servers match on all pages, of those that the caller sees. */
  readonly total: number;
  /** What matches of the servers that are no part of the catalog; on the first page. */
  readonly builtIn: readonly ServerView[];
}

/** What may be in a list. A view costs more than all else, so that it is made of what is shown alone. */
interface Entry {
  /** Of the place in the list. */
  readonly key: string;
  readonly facts: Pick<ServerView, 'name' | 'path' | 'description' | 'tags' | 'enabled'>;
  readonly view: () => ServerView;
}

/** What is not seen does not exist here. */
export interface ServerQueries {
  /** @throws RegistryError `validation-failed` */
  list(query: unknown, by: Principal): ServerList;
  /** @throws RegistryError `server-not-found` */
  get(path: string, by: Principal): ServerView;
}

export function createServerQueries(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly viewer: ServerViewer;
  readonly own: OwnServer;
}): ServerQueries {
  const { store, viewer, own } = deps;
  return {
    list: (input, by) => {
      const { visibility } = by;
      const query = validate(serverQuerySchema, input);
      const state = store.state();
      const view = viewer();
      const entries: readonly Entry[] = [
        ...seenServers(state, visibility).map((each) => ({
          key: `${each.server.path}\n`,
          facts: each.server,
          view: () => view(each, by),
        })),
        // Several records may claim one path: the position keeps their keys apart.
        ...seenInvalid(state, visibility).map((record, index) => {
          const facts = viewInvalidRecord(record);
          return { key: `${record.path}\n${index}`, facts, view: () => facts };
        }),
      ].filter((entry) => matches(entry, query));
      const { items, ...page } = pageOf(entries, ({ key }) => key, query);
      // The instructions of a hundred servers may be some megabytes.
      const servers = items.map(({ view }) => withoutInstructions(view()));
      const ours = query.cursor === undefined ? own.view(by) : undefined;
      const isOurs = ours && matches({ facts: ours, view: () => ours }, query);
      return { servers, ...page, builtIn: isOurs ? [ours] : [] };
    },
    get: (path, by) => {
      const ours = isOwnMcpPath(path) ? own.view(by) : undefined;
      if (ours !== undefined) return ours;
      const target = requireTarget(store.state(), path, by.visibility);
      return target.kind === 'server' ? viewer()(target, by) : viewInvalidRecord(target.record);
    },
  };
}

function withoutInstructions({ instructions: _, ...server }: ServerView): ServerView {
  return server;
}

function matches({ facts, view }: Omit<Entry, 'key'>, { query, status, tag }: ServerQuery) {
  if (tag !== undefined && !facts.tags.includes(tag)) return false;
  const { name, path, description, tags } = facts;
  return (
    matchesQuery(query, [name, path, description, ...tags]) &&
    hasStatus(facts.enabled, view, status)
  );
}

function hasStatus(enabled: boolean, view: Entry['view'], status: ServerQuery['status']): boolean {
  switch (status) {
    case 'all':
      return true;
    case 'enabled':
      return enabled;
    case 'disabled':
      return !enabled;
    case 'issues': {
      const { health, exclusion } = view();
      return isUnhealthy(health) || exclusion !== undefined;
    }
  }
}
