import { describe, expect, it } from '@jest/globals';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseServerPath, type ServerPath } from '../../../../registry/catalog/server-path.js';
import type { ServerReview } from '../../../../registry/catalog/tool-review.js';
import { createFileReviewStore } from '../../../../registry/store/file/file-review-store.js';
import { makeRecordingLog, withDirectory } from '../../../store/store-records.js';

function pathOf(text: string): ServerPath {
  const parsed = parseServerPath(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const weather = pathOf('/weather');
const nested = pathOf('/team/weather');
const MARK = { reviewedAt: '2026-01-02T03:04:05.000Z', reviewedBy: 'ada' };
const review: ServerReview = {
  ...MARK,
  tools: [
    {
      name: 'rain',
      ...MARK,
      definition: {
        title: 'Rain',
        description: 'Tells of rain',
        inputSchema: { type: 'object', 'x-own': [1, { deep: true }] },
        annotations: { readOnlyHint: true },
      },
    },
  ],
};

describe('reviews in files', () => {
  it('are there after a restart, whole, for every path, and readable by us alone', () =>
    withDirectory(async (dataDir) => {
      const store = createFileReviewStore({ dataDir, log: makeRecordingLog() });
      await store.save(weather, review);
      await store.save(nested, { ...review, tools: [] });
      const folder = path.join(dataDir, 'reviews');
      expect((await readdir(folder)).sort()).toEqual(['~team~weather.json', '~weather.json']);
      expect((await stat(path.join(folder, '~weather.json'))).mode & 0o777).toBe(0o600);
      const { reviews, unreadable } = await createFileReviewStore({
        dataDir,
        log: makeRecordingLog(),
      }).load();
      expect(reviews.get(weather)).toMatchObject(review);
      expect([...reviews.keys()].sort()).toEqual([nested, weather]);
      expect(unreadable.size).toBe(0);
    }));

  it('are gone when they were removed', () =>
    withDirectory(async (dataDir) => {
      const store = createFileReviewStore({ dataDir, log: makeRecordingLog() });
      await store.save(weather, review);
      await store.remove(weather);
      expect((await store.load()).reviews.size).toBe(0);
    }));

  it.each([
    ['cut off', '{"version":1,"reviewed'],
    ['of another shape', '{"version":1,"tools":[]}'],
    ['of a later version', JSON.stringify({ version: 2, ...review })],
    ['empty', ''],
  ])('that are %s are said and never overwritten or removed', (_, damaged) =>
    withDirectory(async (dataDir) => {
      const file = path.join(dataDir, 'reviews', '~weather.json');
      await mkdir(path.dirname(file));
      await writeFile(file, damaged);
      const log = makeRecordingLog();
      const store = createFileReviewStore({ dataDir, log });
      const { reviews, unreadable } = await store.load();
      expect(reviews.size).toBe(0);
      expect(unreadable.get(weather)).toContain('reviews/~weather.json');
      expect(log.lines).toEqual([expect.stringMatching(/^error .*~weather\.json/)]);
      await expect(store.save(weather, review)).rejects.toMatchObject({ code: 'store-read-only' });
      await store.remove(weather);
      expect(await readFile(file, 'utf8')).toBe(damaged);
      await store.save(nested, review);
      expect([...(await store.load()).reviews.keys()]).toEqual([nested]);
    }),
  );
});
