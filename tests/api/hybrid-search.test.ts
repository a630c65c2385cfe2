import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createEmbeddings } from '../../registry/search/embeddings.js';
import { createMeaningSearch, type MeaningSearch } from '../../registry/search/meaning-search.js';
import type { VectorStore } from '../../registry/store/store.js';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.js';
import { discoveryOf } from '../fakes/fake-monitor.js';
import {
  openFakeEmbeddingsServer,
  type FakeEmbeddingsServer,
} from '../fakes/fake-embeddings-server.js';
import { createMemoryVectorStore } from '../fakes/memory-vector-store.js';
import { createRecordingLog, type RecordingLog } from '../fakes/recording-log.js';
import { eventually } from '../fixtures/eventually.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

const KEY = 'a-key-that-nobody-may-see';
const TOOLS = ['rain', 'invoice', 'playlist'];

let endpoint: FakeEmbeddingsServer;
let saved: VectorStore;
let clock: FakeClock;
let log: RecordingLog;
const running: MeaningSearch[] = [];
beforeEach(async () => {
  endpoint = await openFakeEmbeddingsServer([
    ['rain', 'umbrella'],
    ['invoice', 'money'],
    ['playlist', 'song'],
  ]);
  saved = createMemoryVectorStore();
  clock = createFakeClock();
  log = createRecordingLog();
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
  await endpoint.close();
});

/** A registry, as after a start, with a server that offers `TOOLS`. */
async function open(tools = TOOLS) {
  const embeddings = createEmbeddings({ url: endpoint.url, model: 'fake-model', apiKey: KEY });
  const meaning = createMeaningSearch({ embeddings, saved, clock, log });
  running.push(meaning);
  await meaning.start();
  const registry = await createTestRegistry({}, undefined, meaning);
  const admin = await callAs(registry, 'admin');
  await admin('post', '/api/servers').send(WEATHER);
  registry.monitor.setDiscovery(WEATHER.path, discoveryOf(WEATHER.url, tools));
  return { registry, meaning, search: searchWith(admin), admin };
}

interface Answer {
  readonly mode: string;
  readonly modeReason?: string;
  readonly results: readonly {
    readonly tool: { readonly name: string };
    readonly score: number;
    readonly reasons: readonly string[];
  }[];
}
const searchWith = (call: Awaited<ReturnType<typeof callAs>>) => async (q: string) =>
  (await call('get', '/api/search/tools').query({ q })).body as Answer;
const namesIn = ({ results }: Answer) => results.map(({ tool }) => tool.name);

const embedded = (meaning: MeaningSearch, count = TOOLS.length) =>
  eventually(meaning.status, (status) => status.embedded === count);

async function settings(registry: TestRegistry) {
  const admin = await callAs(registry, 'admin');
  return (await admin('get', '/api/settings')).body as { readonly toolSearch: object };
}

describe('the search by words and meaning', () => {
  it('finds what is called otherwise, and says why', async () => {
    const { meaning, search, registry } = await open();
    await embedded(meaning);
    const answer = await search('umbrella');
    expect(answer).toMatchObject({ mode: 'hybrid' });
    expect(answer.modeReason).toBeUndefined();
    expect(namesIn(answer)).toEqual(['rain']);
    expect(answer.results[0]?.reasons).toEqual(['alike in meaning (1.00 of 1)']);
    const { toolSearch } = await settings(registry);
    expect(toolSearch).toEqual({ mode: 'hybrid', model: 'fake-model', tools: 3, embedded: 3 });
  });

  it('shows the endpoint the key and nobody else', async () => {
    const { meaning, search, registry } = await open();
    await embedded(meaning);
    endpoint.answerWith((response) => response.writeHead(401).end(`bad key ${KEY}`));
    const answer = await search('song');
    expect(endpoint.requests[0]).toMatchObject({
      path: '/v1/embeddings',
      authorization: `Bearer ${KEY}`,
    });
    const told = JSON.stringify([answer, await settings(registry), log.entries]);
    expect(told).not.toContain(KEY);
    expect(answer).toMatchObject({ mode: 'lexical', modeReason: expect.stringContaining('401') });
  });

  it('keeps vectors over a restart and asks for new ones alone', async () => {
    const first = await open();
    await embedded(first.meaning);
    await first.meaning.stop();
    endpoint.requests.length = 0;
    const second = await open([...TOOLS, 'snow']);
    await embedded(second.meaning, 4);
    expect(endpoint.requests.flatMap(({ input }) => input)).toEqual([
      expect.stringContaining('Weather: snow'),
      'Does snow',
      'Weather snow',
    ]);
    await second.meaning.stop();
    endpoint.requests.length = 0;
    const third = await open([...TOOLS, 'snow']);
    expect(third.meaning.status()).toMatchObject({ tools: 4, embedded: 4 });
    expect(endpoint.requests).toEqual([]);
  });

  it('asks for a query once', async () => {
    const { meaning, search } = await open();
    await embedded(meaning);
    endpoint.requests.length = 0;
    await search('song');
    await search('song');
    expect(endpoint.requests).toHaveLength(1);
  });

  it('gives nobody what they do not see', async () => {
    const { meaning, admin, registry } = await open();
    await embedded(meaning);
    await admin('post', '/api/groups').send({
      name: 'dry',
      servers: [WEATHER.path],
      tools: ['*'],
      denyTools: ['rain'],
    });
    const made = await admin('post', '/api/tokens').send({
      name: 'agent',
      groups: ['dry'],
      scopes: ['read'],
    });
    const answer = await request(registry.app)
      .get('/api/search/tools')
      .query({ q: 'umbrella' })
      .set('Authorization', `Bearer ${(made.body as { readonly token: string }).token}`);
    expect(namesIn(answer.body as Answer)).not.toContain('rain');
  });
});

describe('an endpoint that fails', () => {
  it.each([
    ['dies', (response) => response.destroy(), 'it cannot be reached'],
    ['answers 500', (response) => response.writeHead(500).end(), 'it answered 500'],
    ['answers garbage', (response) => response.end('<html>'), 'something else than JSON'],
    ['answers other JSON', (response) => response.end('{"data":7}'), 'else than vectors'],
    ['answers too few', (response) => response.end('{"data":[]}'), 'a vector per text'],
    [
      'answers nothing but zeros',
      (response) => response.end('{"data":[{"index":0,"embedding":[0,0]}]}'),
      'no vector',
    ],
    ['is slow', () => undefined, 'it did not answer in time'],
  ] satisfies [string, Parameters<FakeEmbeddingsServer['answerWith']>[0], string][])(
    'leaves the answer to the words when it %s',
    async (_, answer, reason) => {
      const { meaning, search, registry } = await open();
      await embedded(meaning);
      endpoint.answerWith(answer);
      const found = await search('invoice');
      expect(found).toMatchObject({ mode: 'lexical', modeReason: expect.stringContaining(reason) });
      expect(namesIn(found)).toEqual(['invoice']);
      const { toolSearch } = await settings(registry);
      expect(toolSearch).toMatchObject({ fault: expect.stringContaining(reason) });
    },
  );

  it('is left alone for a while, and then asked again', async () => {
    const { meaning, search } = await open();
    await embedded(meaning);
    endpoint.answerWith((response) => response.writeHead(503).end());
    await search('song');
    endpoint.requests.length = 0;
    endpoint.answerWith(undefined);
    expect(await search('umbrella')).toMatchObject({ mode: 'lexical' });
    expect(endpoint.requests).toEqual([]);
    clock.advance(1000);
    expect(await search('umbrella')).toMatchObject({ mode: 'hybrid' });
  });

  it('gets its tools later when it fails at first', async () => {
    endpoint.answerWith((response) => response.writeHead(503).end());
    const { meaning, search } = await open();
    await eventually(meaning.status, ({ fault }) => fault !== undefined);
    expect(await search('rain')).toMatchObject({ mode: 'lexical' });
    endpoint.answerWith(undefined);
    clock.advance(60_000);
    await embedded(meaning);
    expect(await search('umbrella')).toMatchObject({ mode: 'hybrid' });
  });

  it('costs no other tool its vector when it refuses one', async () => {
    endpoint.refuse('invoice');
    const { meaning, search } = await open();
    await embedded(meaning, 2);
    expect(await search('umbrella')).toMatchObject({
      mode: 'hybrid',
      modeReason: expect.stringContaining('Not all tools'),
    });
  });

  it('compares nothing with vectors of another length', async () => {
    const { meaning, search } = await open();
    await embedded(meaning);
    endpoint.answerWith((response) =>
      response.end('{"data":[{"index":0,"embedding":[1,2,3,4,5,6]}]}'),
    );
    expect(namesIn(await search('invoice'))).toEqual(['invoice']);
  });
});
