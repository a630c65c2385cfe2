import { describe, expect, it } from '@jest/globals';
import { parseServerPath, type ServerPath } from '../../../../registry/catalog/server-path.js';
import { removeServer, updateServer } from '../../../../registry/catalog/catalog.js';
import type { ServerReview } from '../../../../registry/catalog/tool-review.js';
import { createReviewBook } from '../../../../registry/operations/tools/review-book.js';
import { createMemoryReviewStore } from '../../../fakes/memory-review-store.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { createRecordingLog } from '../../../fakes/recording-log.js';
import { adding } from '../../../store/store-records.js';

function pathOf(text: string): ServerPath {
  const parsed = parseServerPath(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const weather = pathOf('/weather');
const rain = pathOf('/rain');
const review: ServerReview = {
  reviewedAt: '2026-01-02T03:04:05.000Z',
  reviewedBy: 'ada',
  tools: [],
};
const stamp = { by: 'admin', at: '2026-03-02T03:04:05.000Z', revision: 2 };

async function openBook(saved = createMemoryReviewStore()) {
  const store = createMemoryStore();
  await store.commit(adding('/weather'));
  const log = createRecordingLog();
  const book = createReviewBook({ saved, store, log });
  await book.start();
  return { store, saved, book, log };
}

describe('the review book', () => {
  it('keeps reviews over a restart', async () => {
    const { saved, book } = await openBook();
    await book.change(weather, () => review);
    expect(saved.saved.get(weather)).toEqual(review);
    const again = await openBook(saved);
    expect(again.book.get(weather)).toEqual(review);
  });

  it('forgets the review of a server that is removed, also while it is being written', async () => {
    const { store, saved, book } = await openBook();
    await book.change(weather, () => review);
    const changing = book.change(weather, () => ({ ...review, reviewedBy: 'bob' }));
    await store.commit(({ catalog }) => ({ catalog: removeServer(catalog, weather) }));
    await changing;
    await book.stop();
    expect(book.get(weather)).toBeUndefined();
    expect(saved.saved.size).toBe(0);
  });

  it('forgets at the start what belongs to no server', async () => {
    const saved = createMemoryReviewStore();
    saved.saved.set(rain, review);
    saved.saved.set(weather, review);
    const { book } = await openBook(saved);
    await book.stop();
    expect([...saved.saved.keys()]).toEqual([weather]);
  });

  it('goes with a server that is moved', async () => {
    const { store, saved, book } = await openBook();
    await book.change(weather, () => review);
    await store.commit(({ catalog }) => ({
      catalog: updateServer(catalog, weather, { path: rain }, stamp),
    }));
    await book.stop();
    expect(book.get(rain)).toEqual(review);
    expect([...saved.saved.keys()]).toEqual([rain]);
  });

  it('tells that a review could not be stored, and keeps the one before', async () => {
    const saved = createMemoryReviewStore();
    const { book } = await openBook({
      ...saved,
      save: () => Promise.reject(new Error('the disk is full')),
    });
    const changing = book.change(weather, () => review);
    await expect(changing).rejects.toMatchObject({
      code: 'store-write-failed',
      message: expect.stringContaining('the disk is full'),
    });
    expect(book.get(weather)).toBeUndefined();
  });
});
