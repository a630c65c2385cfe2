import { describe, expect, it } from '@jest/globals';
import type { Embeddings } from '../../../registry/search/embeddings.js';
import type { EndpointHealth } from '../../../registry/search/endpoint-health.js';
import type { MeaningIndex, Wanted } from '../../../registry/search/meaning-index.js';
import type { VectorBook } from '../../../registry/search/vector-book.js';
import { createVectorMaker } from '../../../registry/search/vector-maker.js';
import { createRecordingLog } from '../../fakes/recording-log.js';
import { eventually } from '../../fixtures/eventually.js';

describe('vectors', () => {
  it('are made of what comes at whatever moment', async () => {
    let missing: readonly Wanted[] = [];
    let saved = (): void => undefined;
    const maker = createVectorMaker({
      index: {
        missing: () => [...missing],
        used: () => new Set<string>(),
      } as unknown as MeaningIndex,
      book: {
        add: (vectors: ReadonlyMap<string, Float32Array>) => {
          missing = missing.filter(({ hash }) => !vectors.has(hash));
        },
        save: () => {
          saved();
          return Promise.resolve();
        },
      } as unknown as VectorBook,
      embeddings: {
        embed: (texts: readonly string[]) =>
          Promise.resolve(texts.map(() => new Float32Array([1, 0]))),
      } as unknown as Embeddings,
      health: { succeeded: () => undefined, waitMs: () => 0 } as unknown as EndpointHealth,
      log: createRecordingLog(),
    });
    for (let steps = 0; steps < 20; steps += 1) {
      const first = new Promise<void>((resolve) => (saved = resolve));
      missing = [{ hash: 'first', texts: ['first'] }];
      maker.nudge();
      await first;
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      missing = [{ hash: 'second', texts: ['second'] }];
      maker.nudge();
      const left = await eventually(
        () => missing.length,
        (count) => count === 0,
      );
      expect(left).toBe(0);
    }
    await maker.stop();
  });
});
