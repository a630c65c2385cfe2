import { expect, it } from '@jest/globals';
import { addServer, updateServer } from '../../../registry/catalog/catalog.js';
import type { Discovery } from '../../../registry/catalog/discovery.js';
import { serverInputSchema } from '../../../registry/catalog/server.js';
import type { ServerPath } from '../../../registry/catalog/server-path.js';
import { followCatalog } from '../../../registry/search/catalog-follower.js';
import { discoveryOf } from '../../fakes/fake-monitor.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

const inputOf = (name: string) =>
  serverInputSchema.parse({ name, path: `/${name}`, url: `http://${name}:8000/` });
const [ONE, OTHER] = [inputOf('one'), inputOf('other')];

it('passes on the server that has changed, and no other', async () => {
  const store = createMemoryStore();
  const known = new Map<ServerPath, Discovery>();
  let tell: (event: { type: string; path: ServerPath }) => void = () => undefined;
  const puts: string[] = [];
  const follower = followCatalog({
    store,
    discoveries: {
      discovery: (path) => known.get(path),
      subscribe: (listener) => {
        tell = listener;
        return () => undefined;
      },
    },
    sinks: [
      {
        put: ({ path }, tools) => puts.push(`${path} ${tools.map(({ name }) => name).join()}`),
        remove: (path) => puts.push(`${path} removed`),
      },
    ],
  });
  const stamp = (revision: number) => ({ by: 'admin', at: '2026-01-02T03:04:05.000Z', revision });
  for (const input of [ONE, OTHER]) {
    await store.commit(({ catalog }, revision) => ({
      catalog: addServer(catalog, { ...input, auth: { type: 'none' } }, stamp(revision)),
    }));
  }
  puts.length = 0;
  known.set(ONE.path, discoveryOf(ONE.url, ['a', 'b']));
  tell({ type: 'discovery', path: ONE.path });
  expect(puts).toEqual(['/one a,b']);
  await store.commit(({ catalog }, revision) => ({
    catalog: updateServer(catalog, OTHER.path, { tags: ['new'] }, stamp(revision)),
  }));
  await follower.refresh();
  expect(puts).toEqual(['/one a,b', '/other ']);
  follower.close();
});
