import { describe, expect, it, jest } from '@jest/globals';
import { ChangeQueue } from '../../../../registry/gateway/apply/change-queue.js';
import type { GatewayOutcome } from '../../../../registry/gateway/gateway.js';

const PENDING: GatewayOutcome = { state: 'pending', generation: 'old' };
const APPLIED: GatewayOutcome = { state: 'applied', generation: 'new' };
const REJECTED: GatewayOutcome = { state: 'rejected', generation: 'old', reason: 'port taken' };
const pending = () => PENDING;

describe('who waits for a change', () => {
  it('is told what became of it', async () => {
    const queue = new ChangeQueue();
    queue.note();
    const outcome = queue.outcome(5000, pending);
    queue.settle(1, APPLIED);
    expect(await outcome).toEqual(APPLIED);
    expect(queue.isSettled).toBe(true);
    expect(await queue.outcome(5000, pending)).toEqual(APPLIED);
  });

  it('is not told what became of an earlier one', async () => {
    const queue = new ChangeQueue();
    queue.note();
    const first = queue.outcome(5000, pending);
    queue.note();
    const second = queue.outcome(5000, pending);
    queue.settle(1, REJECTED);
    expect(await first).toEqual(REJECTED);
    expect(queue.isSettled).toBe(false);
    queue.settle(2, APPLIED);
    expect(await second).toEqual(APPLIED);
  });

  it('is told together with all whose changes went along', async () => {
    const queue = new ChangeQueue();
    const waiting = [1, 2, 3].map(() => {
      queue.note();
      return queue.outcome(5000, pending);
    });
    queue.settle(queue.newest, APPLIED);
    expect(await Promise.all(waiting)).toEqual([APPLIED, APPLIED, APPLIED]);
  });

  it('learns that it is pending when the time is over, and nothing later', async () => {
    jest.useFakeTimers();
    try {
      const queue = new ChangeQueue();
      queue.note();
      const outcome = queue.outcome(2000, pending);
      await jest.advanceTimersByTimeAsync(2000);
      expect(await outcome).toEqual(PENDING);
      queue.settle(1, APPLIED);
      expect(await queue.outcome(0, pending)).toEqual(APPLIED);
    } finally {
      jest.useRealTimers();
    }
  });
});
