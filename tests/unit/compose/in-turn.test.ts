import { describe, expect, it } from '@jest/globals';
import { inTurn } from '../../../registry/compose/in-turn.js';

describe('steps in turn', () => {
  it('are all done, each when the one before has ended, and the first that failed is told', async () => {
    const done: string[] = [];
    const steps = [
      async () => {
        await Promise.resolve();
        done.push('slow');
      },
      () => Promise.reject(new Error('the disk is full')),
      () => {
        throw new Error('later');
      },
      () => done.push('last'),
    ];
    await expect(inTurn(steps)).rejects.toThrow('the disk is full');
    expect(done).toEqual(['slow', 'last']);
  });
});
