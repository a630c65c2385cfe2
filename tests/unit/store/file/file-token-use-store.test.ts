import { describe, expect, it } from '@jest/globals';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createFileTokenUseStore } from '../../../../registry/store/file/file-token-use-store.js';
import { makeRecordingLog, withDirectory } from '../../../store/store-records.js';

const AT = '2026-01-02T03:04:05.000Z';

describe('the file with the uses of tokens', () => {
  const open = (dataDir: string) => {
    const log = makeRecordingLog();
    return { store: createFileTokenUseStore({ dataDir, log }), log };
  };

  it('gives back what was saved last, to nobody else', () =>
    withDirectory(async (dataDir) => {
      const { store } = open(dataDir);
      expect([...(await store.load())]).toEqual([]);
      await store.save(new Map([['a', AT]]));
      await store.save(new Map([['b', AT]]));
      expect([...(await open(dataDir).store.load())]).toEqual([['b', AT]]);
      expect((await stat(path.join(dataDir, 'token-use.json'))).mode & 0o777).toBe(0o600);
    }));

  it.each([
    '',
    '{"version":1',
    '{"version":2,"lastUsedAt":{}}',
    '{"version":1,"lastUsedAt":{"a":1}}',
  ])('is replaced when it cannot be read: %s', (text) =>
    withDirectory(async (dataDir) => {
      await writeFile(path.join(dataDir, 'token-use.json'), text);
      const { store, log } = open(dataDir);
      expect([...(await store.load())]).toEqual([]);
      expect(log.lines).toHaveLength(1);
      await store.save(new Map([['a', AT]]));
      expect([...(await open(dataDir).store.load())]).toEqual([['a', AT]]);
    }),
  );
});
