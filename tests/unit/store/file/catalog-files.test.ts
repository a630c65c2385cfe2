import { describe, expect, it } from '@jest/globals';
import { createFileStore } from '../../../../registry/store/file/file-store.js';
import { adding, makeRecordingLog, withDirectory } from '../../../store/store-records.js';

const noCatalogChange = () => ({ groups: [] });

describe('the history of catalogs', () => {
  it('keeps an earlier catalog however many other changes come after it', () =>
    withDirectory(async (dataDir) => {
      const store = await createFileStore({ dataDir, log: makeRecordingLog() });
      await store.commit(adding('/one'));
      const first = store.catalogs.revision();
      for (let index = 0; index < 15; index += 1) await store.commit(noCatalogChange);
      expect(store.catalogs.revision()).toBe(first);
      await store.commit(adding('/two'));
      for (let index = 0; index < 15; index += 1) await store.commit(noCatalogChange);
      expect(await store.catalogs.kept()).toContain(first);
      const catalog = await store.catalogs.read(first);
      expect([...(catalog?.servers.keys() ?? [])]).toEqual(['/one']);
      await store.close();
    }));

  it('holds the last twenty and knows of no others, also after a restart', () =>
    withDirectory(async (dataDir) => {
      const store = await createFileStore({ dataDir, log: makeRecordingLog() });
      for (let index = 0; index < 25; index += 1) await store.commit(adding(`/s${index}`));
      await store.close();
      const again = await createFileStore({ dataDir, log: makeRecordingLog() });
      const kept = await again.catalogs.kept();
      expect([...kept].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 5));
      expect(again.catalogs.revision()).toBe(25);
      expect(await again.catalogs.read(2)).toBeUndefined();
      expect((await again.catalogs.read(24))?.servers.size).toBe(24);
      await again.close();
    }));
});
