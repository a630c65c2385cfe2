import { describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '../../../registry/access/visibility.js';
import { addServer, EMPTY_CATALOG } from '../../../registry/catalog/catalog.js';
import type { Discovery } from '../../../registry/catalog/discovery.js';
import { NO_AUTH } from '../../../registry/catalog/server-auth.js';
import { serverInputSchema } from '../../../registry/catalog/server.js';
import { createViewSource } from '../../../registry/live/view-source.js';
import { diffViews } from '../../../registry/live/view.js';
import type { ServerView } from '../../../registry/operations/servers/server-view.js';
import type { SystemOperations } from '../../../registry/operations/system/system-operations.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

const URL = 'http://weather:8000/';
const AT = '2026-01-02T03:04:05.000Z';
const SCOPE = { visibility: EVERYTHING, seesGateway: true };
const status = { state: 'applied', generation: 'a' } as ReturnType<
  SystemOperations['gatewayStatus']
>;

/** A server with one tool, and how often its schema was read. */
function setUp() {
  const input = serverInputSchema.parse({ name: 'Weather', path: '/weather', url: URL });
  const stamp = { by: 'admin', at: AT, revision: 1 };
  const catalog = addServer(EMPTY_CATALOG, { ...input, auth: NO_AUTH }, stamp);
  const world = { reads: 0, discovery: undefined as Discovery | undefined };
  const find = (name: string) => {
    const tool = {
      name,
      get inputSchema() {
        world.reads += 1;
        return {};
      },
    };
    const lists = { tools: [tool], prompts: [], resources: [], warnings: [], capabilities: [] };
    const endpoint = { url: URL, transport: 'sse' } as const;
    world.discovery = { of: URL, endpoint, era: 'legacy', ...lists };
  };
  find('rain');
  const views = createViewSource({
    store: createMemoryStore({ catalog }),
    viewer: () => () => ({ path: '/weather', description: '' }) as ServerView,
    monitor: { discovery: () => world.discovery },
    system: { gatewayStatus: () => status },
  });
  return { views, world, find };
}

describe('what somebody sees', () => {
  it('is written without a look at the tools, of which there may be very many', () => {
    const { views, world } = setUp();
    const before = views.moment().whole(SCOPE);
    views.forget();
    const after = views.moment().whole(SCOPE);
    expect([...after.servers.keys()]).toEqual(['/weather']);
    expect(diffViews(before, after, ['/weather'])).toEqual([]);
    expect(world.reads).toBe(0);
  });

  it('has other lists where others were found', () => {
    const { views, find } = setUp();
    const before = views.moment().whole(SCOPE);
    views.forget();
    find('rain');
    const same = views.moment().whole(SCOPE);
    expect(diffViews(before, same, ['/weather'])).toEqual([]);
    views.forget();
    find('snow');
    const other = views.moment().whole(SCOPE);
    expect(diffViews(same, other, ['/weather']).map(({ key }) => key)).toEqual(['tools /weather']);
  });
});
