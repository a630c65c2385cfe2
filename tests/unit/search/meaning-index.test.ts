import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Tool } from '../../../registry/catalog/discovery.js';
import { parseServerPath } from '../../../registry/catalog/server-path.js';
import { createMeaningIndex, type MeaningIndex } from '../../../registry/search/meaning-index.js';

const server = (path: string) => {
  const parsed = parseServerPath(path);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { path: parsed.value, name: path, tags: [] };
};
const tool = (name: string, description = name): Tool => ({
  name,
  description,
  inputSchema: { type: 'object' },
});

let vectors: Map<string, Float32Array>;
let index: MeaningIndex;
/** Gives what is missing the vector that its text names. */
const fill = () => {
  for (const { hash, texts } of index.missing()) {
    vectors.set(
      hash,
      texts.join().includes('east') ? Float32Array.of(1, 0) : Float32Array.of(0.8, 0.6),
    );
  }
};
beforeEach(() => {
  vectors = new Map();
  index = createMeaningIndex({ get: (hash) => vectors.get(hash) }, 'a-model');
  index.put(server('/a'), [tool('east'), tool('north-east')]);
  index.put(server('/b'), [tool('other')]);
  fill();
});

describe('the index of meanings', () => {
  it('misses only what has changed, whichever server it is of', () => {
    expect(index.missing()).toEqual([]);
    index.put(server('/a'), [tool('east', 'another description'), tool('north-east')]);
    expect(index.missing().map(({ texts }) => texts)).toEqual([
      ['/a: east. another description', 'another description', '/a east'],
    ]);
    expect(index.counts()).toEqual({ tools: 3, embedded: 2 });
  });

  it('takes no vector of another source', () => {
    const other = createMeaningIndex({ get: (hash) => vectors.get(hash) }, 'another source');
    other.put(server('/a'), [tool('east')]);
    expect(other.missing()).toHaveLength(1);
  });

  it('leaves out what the asker may not see before it counts', () => {
    const near = (admits: (path: string) => boolean) =>
      index.near(Float32Array.of(1, 0), { limit: 1, admits }).tools.map(({ path }) => path);
    expect(near(() => true)).toEqual(['/a']);
    expect(near((path) => path === '/b')).toEqual(['/b']);
  });

  it('tells by how much a tool stands out among those that the asker may see', () => {
    const scores = (admits: (path: string) => boolean) =>
      index.near(Float32Array.of(1, 0), { limit: 9, admits }).tools.map(({ score }) => score);
    expect(scores(() => true)[0]).toBeCloseTo(Math.SQRT1_2);
    expect(scores(() => true)[2]).toBeCloseTo(-Math.SQRT2);
    expect(scores((path) => path === '/b')).toEqual([0]);
  });

  it('leaves out what is less than half as near as the nearest', () => {
    const everything = { limit: 9, admits: () => true };
    expect(index.near(Float32Array.of(1, 0), everything).tools).toHaveLength(3);
    expect(index.near(Float32Array.of(0.5, -0.5), everything).tools).toHaveLength(2);
  });

  it('forgets a server, and compares nothing with vectors of another length', () => {
    index.remove('/a');
    expect(index.counts()).toEqual({ tools: 1, embedded: 1 });
    expect(index.near(Float32Array.of(1, 0, 0), { limit: 9, admits: () => true })).toEqual({
      tools: [],
      isPartial: true,
    });
    for (const hash of vectors.keys()) vectors.set(hash, Float32Array.of(1, 0, 0));
    const again = index.near(Float32Array.of(1, 0, 0), { limit: 9, admits: () => true });
    expect(again).toMatchObject({ tools: [{ path: '/b' }], isPartial: false });
  });
});
