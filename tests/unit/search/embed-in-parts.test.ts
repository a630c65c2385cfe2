import { describe, expect, it } from '@jest/globals';
import { embedInParts } from '../../../registry/search/embed-in-parts.js';
import { EmbeddingsFailure } from '../../../registry/search/embeddings.js';

const wanted = ['one', 'two', 'far too long', 'four'].map((text) => ({
  texts: [text, 'short'],
  hash: `#${text}`,
}));
const vector = Float32Array.of(1);

/** Takes no batch that holds the long text. */
const picky = (failure: Error) => (texts: readonly string[]) =>
  texts.includes('far too long')
    ? Promise.reject(failure)
    : Promise.resolve(texts.map(() => vector));

describe('embedding texts in parts', () => {
  it.each([
    ['refused', new EmbeddingsFailure('answered 413', 413)],
    ['refused as llama.cpp does', new EmbeddingsFailure('answered 500', 500)],
    ['too slow', new DOMException('The operation timed out.', 'TimeoutError')],
  ])('finds out the one that is %s', async (_name, failure) => {
    const { vectors, refused } = await embedInParts(picky(failure), wanted);
    expect([...vectors.keys()]).toEqual(['#one', '#two', '#four']);
    expect(refused).toEqual(['#far too long']);
  });

  it('gives each its own vector, between those of its texts', async () => {
    const turned = (texts: readonly string[]) =>
      Promise.resolve(
        texts.map((text) => (text === 'short' ? Float32Array.of(0, 1) : Float32Array.of(1, 0))),
      );
    const two = [
      { texts: ['one', 'short'], hash: '#1' },
      { texts: ['two'], hash: '#2' },
    ];
    const { vectors } = await embedInParts(turned, two);
    expect(vectors.get('#1')?.[1]).toBeCloseTo(Math.SQRT1_2);
    expect(vectors.get('#2')).toEqual(Float32Array.of(1, 0));
  });

  it('gives up when the endpoint takes nothing at all, or not from us', async () => {
    for (const status of [401, 404, 429, 503]) {
      const failure = new EmbeddingsFailure(`answered ${String(status)}`, status);
      await expect(embedInParts(picky(failure), wanted)).rejects.toBe(failure);
    }
    const broken = new EmbeddingsFailure('answered 500', 500);
    await expect(embedInParts(() => Promise.reject(broken), wanted)).rejects.toBe(broken);
  });
});
