import { describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createFileStore } from '../../registry/store/file/file-store.js';
import type { RegistryState } from '../../registry/store/store.js';
import { startChild } from './child-process.js';
import { makeRecordingLog, withDirectory } from './store-records.js';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 30);
const ROUND_MS = 10_000;

async function loadState(dataDir: string): Promise<RegistryState> {
  const store = await createFileStore({ dataDir, log: makeRecordingLog() });
  try {
    expect(store.health()).toEqual({ writable: true });
    return store.state();
  } finally {
    await store.close();
  }
}

const acknowledged = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('ack ')).map((line) => Number(line.slice(4)));

/** What is in the state is what was acknowledged, and at most the one commit that was under way. */
function expectNothingLost(state: RegistryState, acks: readonly number[]): void {
  const stored = new Set<string>(state.catalog.servers.keys());
  expect(acks.filter((revision) => !stored.has(`/s${revision}`))).toEqual([]);
  expect(state.catalog.invalid).toEqual([]);
  expect(state.revision).toBeGreaterThanOrEqual(acks.at(-1) ?? 0);
}

describe('a registry that is killed while it commits', () => {
  it(
    `always loads, at once, and has lost no acknowledged commit (${ROUNDS} rounds)`,
    () =>
      withDirectory(async (dataDir) => {
        const acks: number[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          const child = startChild('committing-process.ts', [dataDir]);
          await child.linesReached(randomInt(1, 12));
          // Nothing is waited for here: the moment within a commit is what has to be random.
          await delay(randomInt(0, 15));
          child.kill();
          expect((await child.ended()).signal).toBe('SIGKILL');
          acks.push(...acknowledged(child.lines));
          expectNothingLost(await loadState(dataDir), acks);
          expect((await readdir(dataDir)).filter((name) => name.startsWith('.'))).toEqual([]);
        }
        expect(acks.length).toBeGreaterThanOrEqual(ROUNDS);
      }),
    ROUNDS * ROUND_MS,
  );
});

describe('a disk that takes no more', () => {
  it('refuses the commit with what the system says, and all earlier ones are there', () =>
    withDirectory(async (dataDir) => {
      const child = startChild('committing-process.ts', [dataDir, '4000'], { fileSizeLimit: 64 });
      expect((await child.ended()).code).toBe(0);
      expect(child.lines.at(-1)).toMatch(/^refused store-write-failed .*EFBIG/);
      const acks = acknowledged(child.lines);
      expect(acks.length).toBeGreaterThan(5);
      expect(await readdir(dataDir)).toEqual(['backups', 'registry.json']);
      const state = await loadState(dataDir);
      expectNothingLost(state, acks);
      expect(state.revision).toBe(acks.at(-1));
    }));
});
