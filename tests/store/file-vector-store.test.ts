import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFileVectorStore } from '../../registry/store/file/file-vector-store.js';
import { createRecordingLog } from '../fakes/recording-log.js';

const HASH = 'ab'.repeat(32);
const OTHER = '0f'.repeat(32);
const ONE = new Map([[HASH, Float32Array.of(1, 0)]]);
const TWO = new Map([[OTHER, Float32Array.of(0.5, 0.25)]]);
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'vectors-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const open = (log = createRecordingLog()) => ({
  log,
  store: createFileVectorStore({ dataDir, log }),
});
const file = () => path.join(dataDir, 'tool-vectors.bin');

it('gives back exactly what was saved, and nothing before that', async () => {
  const { log, store } = open();
  expect(await store.load()).toEqual(new Map());
  const vectors = new Map([
    [HASH, Float32Array.of(0.1, -0.2, 10)],
    [OTHER, Float32Array.of(1, 2, 3)],
  ]);
  await store.replace(vectors);
  expect(await open().store.load()).toEqual(vectors);
  await store.replace(new Map());
  expect(await open().store.load()).toEqual(new Map());
  expect(log.entries).toEqual([]);
});

it('adds to what is there, and writes none of that anew', async () => {
  const { store } = open();
  await store.load();
  await store.append(ONE);
  const before = await readFile(file());
  await store.append(TWO);
  const after = await readFile(file());
  expect(after.subarray(0, before.length)).toEqual(before);
  const second = open().store;
  expect(await second.load()).toEqual(new Map([...ONE, ...TWO]));
  await second.append(new Map([[HASH, Float32Array.of(0, 1)]]));
  expect((await open().store.load()).get(HASH)).toEqual(Float32Array.of(0, 1));
});

it.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['changed', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(99)])],
])('keeps what is before an end that is %s, says so, and goes on there', async (_, spoil) => {
  const { store } = open();
  await store.replace(ONE);
  await store.append(TWO);
  await writeFile(file(), spoil(await readFile(file())));
  const { log, store: second } = open();
  expect(await second.load()).toEqual(ONE);
  expect(log.entries).toHaveLength(1);
  await second.append(TWO);
  expect(await open().store.load()).toEqual(new Map([...ONE, ...TWO]));
});

it.each([
  ['empty', ''],
  ['of another version', '{"version":1,"count":0,"dimensions":0,"sha256":""}\n'],
  ['something else', 'vectors'],
])('takes a file that is %s for none, and says so', async (_, content) => {
  await writeFile(file(), content);
  const { log, store } = open();
  expect(await store.load()).toEqual(new Map());
  expect(log.entries).toHaveLength(1);
  await store.append(ONE);
  expect(await open().store.load()).toEqual(ONE);
});
