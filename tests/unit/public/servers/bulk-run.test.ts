import { describe, expect, it } from '@jest/globals';
import { runBulk, type BulkProgress } from '../../../../public/pages/servers/bulk-run';

const servers = Array.from({ length: 20 }, (_, index) => ({ path: `/s${index}` }));

describe('doing the same with many servers', () => {
  it('does all of them, some at a time, and tells of each', async () => {
    let active = 0;
    let most = 0;
    const seen: BulkProgress[] = [];
    const act = async () => {
      active += 1;
      most = Math.max(most, active);
      await Promise.resolve();
      active -= 1;
    };
    const { signal } = new AbortController();
    const result = await runBulk(servers, act, { progress: (now) => seen.push(now), signal });
    expect(result).toEqual({ total: 20, done: 20, failures: [] });
    expect(seen.map(({ done }) => done)).toEqual(servers.map((_, index) => index + 1));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('goes on after a failure, and tells which failed and why', async () => {
    const wrong = new Error('no');
    const act = ({ path }: { path: string }) =>
      path === '/s3' ? Promise.reject(wrong) : Promise.resolve();
    const { signal } = new AbortController();
    const result = await runBulk(servers, act, { progress: () => undefined, signal });
    expect(result).toEqual({ total: 20, done: 20, failures: [{ path: '/s3', error: wrong }] });
  });

  it('begins nothing more once it is stopped', async () => {
    const controller = new AbortController();
    const done: string[] = [];
    const act = ({ path }: { path: string }) => {
      done.push(path);
      if (done.length === 3) controller.abort();
      return Promise.resolve();
    };
    const on = { progress: () => undefined, signal: controller.signal };
    const result = await runBulk(servers, act, on);
    expect(result.done).toBe(done.length);
    expect(done.length).toBeLessThan(10);
  });
});
