import { describe, expect, it } from '@jest/globals';
import { startChild, type Child } from './child-process.js';
import { withDirectory } from './store-records.js';

async function withChildren(use: (start: (dataDir: string) => Child) => Promise<void>) {
  const children: Child[] = [];
  try {
    await use((dataDir) => {
      const child = startChild('holding-process.ts', [dataDir]);
      children.push(child);
      return child;
    });
  } finally {
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.ended()));
  }
}

describe('a second registry on the same data directory', () => {
  it('is refused and told who holds it, and gets in when that one has ended', () =>
    withDirectory((dataDir) =>
      withChildren(async (start) => {
        const first = start(dataDir);
        await first.linesReached(1);
        expect(first.lines).toEqual(['held']);

        const second = start(dataDir);
        await second.linesReached(1);
        expect(second.lines[0]).toMatch(/^refused The data directory .* is in use by process/);
        expect(second.lines[0]).toContain(`process ${first.pid} on host`);

        first.endInput();
        expect((await first.ended()).code).toBe(0);
        const third = start(dataDir);
        await third.linesReached(1);
        expect(third.lines).toEqual(['held']);
      }),
    ));

  it('gets in at once when the first one was killed', () =>
    withDirectory((dataDir) =>
      withChildren(async (start) => {
        const first = start(dataDir);
        await first.linesReached(1);
        first.kill();
        // Not waited for: the killed process may still be listed.
        const second = start(dataDir);
        await second.linesReached(1);
        expect(second.lines).toEqual(['held']);
      }),
    ));

  it('gets in alone when several start after a kill', () =>
    withDirectory((dataDir) =>
      withChildren(async (start) => {
        const first = start(dataDir);
        await first.linesReached(1);
        first.kill();
        await first.ended();
        const starters = [1, 2, 3, 4].map(() => start(dataDir));
        await Promise.all(starters.map((child) => child.linesReached(1)));
        const said = starters.map((child) => child.lines[0]?.slice(0, 7)).sort();
        expect(said).toEqual(['held', 'refused', 'refused', 'refused']);
      }),
    ));
});
