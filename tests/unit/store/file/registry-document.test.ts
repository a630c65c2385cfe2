import { describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createFileStore } from '../../../../registry/store/file/file-store.js';
import type { Store } from '../../../../registry/store/store.js';
import {
  adding,
  makeDocument,
  makeRecordingLog,
  makeServer,
  withDirectory,
} from '../../../store/store-records.js';

async function withStore(
  dataDir: string,
  use: (store: Store) => Promise<void>,
  log = makeRecordingLog(),
): Promise<void> {
  const store = await createFileStore({ dataDir, log });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

const fileIn = (dataDir: string) => path.join(dataDir, 'registry.json');

describe('a record that breaks its schema', () => {
  const good = makeServer('/weather');
  const poisoned = { ...makeServer('/evil'), url: 'ftp://x', future: { deep: [1, 2] } };

  async function readServers(dataDir: string): Promise<unknown[]> {
    const json: unknown = JSON.parse(await readFile(fileIn(dataDir), 'utf8'));
    return (json as { servers: unknown[] }).servers;
  }

  it('is kept with its reason, the others are served, and it is written back untouched', () =>
    withDirectory(async (dataDir) => {
      const servers = [poisoned, good, 'not even an object', { name: 'no path' }];
      await writeFile(fileIn(dataDir), makeDocument({ servers }));
      await withStore(dataDir, async (store) => {
        expect(store.health()).toEqual({ writable: true });
        const { catalog } = store.state();
        expect([...catalog.servers.keys()]).toEqual(['/weather']);
        expect(catalog.invalid.map((record) => record.path)).toEqual(['/evil', '#2', '#3']);
        expect(catalog.invalid[0]?.record).toEqual(poisoned);
        expect(catalog.invalid[0]?.reason).toMatch(/^url: .*http.*; .*future/);
        await store.commit(adding('/other'));
        expect(await readServers(dataDir)).toEqual(expect.arrayContaining(servers));
        expect(await readServers(dataDir)).toHaveLength(5);
      });
    }));

  it('is a second one at a path, however that is spelled', () =>
    withDirectory(async (dataDir) => {
      const spelled = { ...makeServer('/weather', 'First'), path: 'weather' };
      const again = { ...makeServer('/weather', 'Second'), path: '/weather/' };
      await writeFile(fileIn(dataDir), makeDocument({ servers: [spelled, again] }));
      await withStore(dataDir, (store) => {
        const { catalog } = store.state();
        expect([...catalog.servers.values()].map(({ name, path: at }) => [name, at])).toEqual([
          ['First', '/weather'],
        ]);
        expect(catalog.invalid).toEqual([
          { path: '/weather/', record: again, reason: 'duplicate of "First" at /weather' },
        ]);
        return Promise.resolve();
      });
    }));

  it('is not used as account or token, is logged as an error, and is written back', () =>
    withDirectory(async (dataDir) => {
      const account = { username: 'eve', passwordHash: 'plain', roles: ['admin'] };
      const token = { id: 't', sha256: 'short' };
      await writeFile(fileIn(dataDir), makeDocument({ accounts: [account], tokens: [token] }));
      const log = makeRecordingLog();
      await withStore(
        dataDir,
        async (store) => {
          expect(store.state()).toMatchObject({ accounts: [], tokens: [] });
          await store.commit(adding('/weather'));
        },
        log,
      );
      expect(JSON.parse(await readFile(fileIn(dataDir), 'utf8'))).toMatchObject({
        revision: 8,
        accounts: [account],
        tokens: [token],
      });
      const errors = log.lines.filter((line) => line.startsWith('error'));
      expect(errors.join('\n')).toMatch(/accounts\.0: .*passwordHash[\s\S]*tokens\.0: .*sha256/);
    }));
});
