import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  addServer,
  EMPTY_CATALOG,
  removeServer,
  updateServer,
} from '../../../registry/catalog/catalog.js';
import type { Discovery } from '../../../registry/catalog/discovery.js';
import { serverInputSchema } from '../../../registry/catalog/server.js';
import type { ServerPath } from '../../../registry/catalog/server-path.js';
import {
  createToolFinder,
  type RunningToolFinder,
} from '../../../registry/search/create-tool-finder.js';
import { discoveryOf } from '../../fakes/fake-monitor.js';
import { createMemoryStore, type MemoryStore } from '../../fakes/memory-store.js';
import { createRecordingLog, type RecordingLog } from '../../fakes/recording-log.js';

const URL_OF = 'http://weather:8000/';
const INPUT = serverInputSchema.parse({ name: 'Weather', path: '/weather', url: URL_OF });
const stamp = (revision: number) => ({ by: 'admin', at: '2026-01-02T03:04:05.000Z', revision });

/** What is discovered, told of like the monitor does. */
function createDiscoveries() {
  const known = new Map<string, Discovery>();
  const listeners = new Set<(event: { type: string; path: ServerPath }) => void>();
  return {
    discovery: (path: ServerPath) => known.get(path),
    subscribe: (listener: (event: { type: string; path: ServerPath }) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    listeners,
    /** Without a word, as what was remembered from before the start. */
    remember: (discovery: Discovery) => known.set(INPUT.path, discovery),
    find: (discovery: Discovery) => {
      known.set(INPUT.path, discovery);
      for (const listener of listeners) listener({ type: 'discovery', path: INPUT.path });
    },
  };
}

let store: MemoryStore;
let discoveries: ReturnType<typeof createDiscoveries>;
let finder: RunningToolFinder;
let log: RecordingLog;
beforeEach(async () => {
  store = createMemoryStore();
  discoveries = createDiscoveries();
  log = createRecordingLog();
  finder = createToolFinder({ store, discoveries, log });
  await store.commit(({ catalog }, revision) => ({
    catalog: addServer(catalog, { ...INPUT, auth: { type: 'none' } }, stamp(revision)),
  }));
});

const find = async (text: string) => {
  const { tools } = await finder.find({ text, limit: 10, admits: () => true });
  return tools.map(({ tool }) => tool.name);
};

describe('the finder', () => {
  it('knows what discovery has found, and no more what it has found before', async () => {
    expect(await find('rain')).toEqual([]);
    discoveries.find(discoveryOf(URL_OF, ['rain', 'snow']));
    expect(await find('rain')).toEqual(['rain']);
    discoveries.find(discoveryOf(URL_OF, ['snow']));
    expect(await find('rain')).toEqual([]);
    expect(await find('snow')).toEqual(['snow']);
  });

  it('knows what was remembered from before the start', async () => {
    discoveries.remember(discoveryOf(URL_OF, ['rain']));
    expect(await find('rain')).toEqual(['rain']);
  });

  it('has started before it has taken up what was remembered, and says so when it cannot', async () => {
    discoveries.discovery = () => {
      throw new Error('nothing is remembered');
    };
    await finder.start();
    await new Promise(setImmediate);
    expect(log.entries).toMatchObject([
      { level: 'error', fields: { reason: 'nothing is remembered' } },
    ]);
  });

  it('follows the catalog', async () => {
    discoveries.find(discoveryOf(URL_OF, ['rain']));
    expect(await find('meteorology')).toEqual([]);
    const change = (change: object) =>
      store.commit(({ catalog }, revision) => ({
        catalog: updateServer(catalog, INPUT.path, change, stamp(revision)),
      }));
    await change({ tags: ['meteorology'] });
    expect(await find('meteorology')).toEqual(['rain']);
    await change({ url: 'http://elsewhere:8000/' });
    expect(await find('rain')).toEqual([]);
    await change({ url: URL_OF });
    expect(await find('rain')).toEqual(['rain']);
    await store.commit(({ catalog }) => ({ catalog: removeServer(catalog, INPUT.path) }));
    expect(await find('rain')).toEqual([]);
    await store.commit(() => ({ catalog: EMPTY_CATALOG }));
    expect(await find('rain')).toEqual([]);
  });

  it('listens to nobody when it is stopped', async () => {
    await finder.stop();
    expect(discoveries.listeners.size).toBe(0);
  });
});
