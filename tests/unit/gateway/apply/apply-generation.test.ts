import { describe, expect, it } from '@jest/globals';
import {
  applyGeneration,
  type ApplyParts,
} from '../../../../registry/gateway/apply/apply-generation.js';

const generation = { id: 'aaaa', files: [] };

/** As far as it gets before nginx is told. */
function partsOf(options: { readonly sync: () => Promise<void>; readonly refusal?: string }) {
  const done: string[] = [];
  const store = {
    stage: () => {
      done.push('stage');
      return 'nginx.conf';
    },
    sync: async () => {
      await options.sync();
      done.push('sync');
    },
    current: () => undefined,
    swap: () => {
      done.push('swap');
      throw new Error('far enough');
    },
  };
  const runtime = {
    test: () => {
      done.push('test');
      const { refusal: message } = options;
      return Promise.resolve(message === undefined ? { ok: true } : { ok: false, message });
    },
  };
  return { parts: { store, runtime } as unknown as ApplyParts, done };
}

describe('a generation on its way to nginx', () => {
  it('is read by nginx while the disk takes it, and swapped in when both are done', async () => {
    const { parts, done } = partsOf({
      sync: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
    await expect(applyGeneration(generation, parts)).rejects.toThrow('far enough');
    expect(done).toEqual(['stage', 'test', 'sync', 'swap']);
  });

  it('is not swapped in when the disk does not take it', async () => {
    const { parts, done } = partsOf({
      sync: () => Promise.reject(new Error('ENOSPC: no space left on device')),
    });
    expect(await applyGeneration(generation, parts)).toEqual({
      state: 'rejected',
      reason: 'the configuration could not be written: ENOSPC: no space left on device',
    });
    expect(done).not.toContain('swap');
  });

  it('is not swapped in when nginx refuses it', async () => {
    const { parts, done } = partsOf({
      sync: () => Promise.resolve(),
      refusal: 'unknown directive "x"',
    });
    expect(await applyGeneration(generation, parts)).toEqual({
      state: 'refused',
      message: 'unknown directive "x"',
    });
    expect(done).not.toContain('swap');
  });
});
