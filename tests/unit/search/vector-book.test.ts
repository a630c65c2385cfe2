import { beforeEach, expect, it } from '@jest/globals';
import { createVectorBook, MAX_VECTORS } from '../../../registry/search/vector-book.js';
import type { VectorStore } from '../../../registry/store/store.js';
import { createRecordingLog } from '../../fakes/recording-log.js';

/** What was written, in order. */
let writes: string[];
let isBroken: boolean;
const write = (how: string) => (vectors: ReadonlyMap<string, Float32Array>) => {
  if (isBroken) return Promise.reject(new Error('disk full'));
  writes.push(`${how} ${vectors.size > 9 ? String(vectors.size) : [...vectors.keys()].join()}`);
  return Promise.resolve();
};
const saved: VectorStore = {
  load: () => Promise.resolve(new Map([['old', Float32Array.of(1, 0)]])),
  append: write('append'),
  replace: write('replace'),
};
const one = (hash: string, ...numbers: number[]) => new Map([[hash, Float32Array.from(numbers)]]);

const log = createRecordingLog();
let book: ReturnType<typeof createVectorBook>;
beforeEach(async () => {
  writes = [];
  isBroken = false;
  book = createVectorBook({ saved, log });
  await book.load();
});

it('writes what is new, once', async () => {
  book.add(one('a', 0, 1));
  await book.save(() => true);
  await book.save(() => true);
  book.add(one('b', 0, 1));
  await book.save(() => true);
  expect(writes).toEqual(['append a', 'append b']);
});

it('writes all anew when vectors get another length', async () => {
  book.add(one('a', 0, 1));
  book.add(one('b', 0, 1, 2));
  await book.save(() => true);
  expect(book.get('old')).toBeUndefined();
  expect(writes).toEqual(['replace b']);
});

it('writes all anew after a fault', async () => {
  isBroken = true;
  book.add(one('a', 0, 1));
  await book.save(() => true);
  expect(log.entries).toHaveLength(1);
  isBroken = false;
  await book.save(() => true);
  expect(writes).toEqual(['replace old,a']);
});

it('drops what is not used when there are too many', async () => {
  const many = Array.from({ length: MAX_VECTORS }, (_, at) => [`n${at}`, Float32Array.of(0, 1)]);
  book.add(new Map(many as [string, Float32Array][]));
  await book.save((hash) => hash !== 'old');
  expect(book.get('old')).toBeUndefined();
  expect(writes).toEqual([`replace ${MAX_VECTORS}`]);
});
