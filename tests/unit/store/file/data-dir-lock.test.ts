import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import {
  acquireDataDirLock,
  DataDirLockedError,
  type DataDirLock,
} from '../../../../registry/store/file/data-dir-lock.js';
import { makeRecordingLog, withDirectory } from '../../../store/store-records.js';

const log = makeRecordingLog();
const lockIn = (dataDir: string) => path.join(dataDir, 'registry.lock');

async function readClaim(dataDir: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(lockIn(dataDir), 'utf8')) as Record<string, unknown>;
}

/** The claim that this process makes, changed so that another one seems to have made it. */
async function plantClaim(dataDir: string, change: Record<string, unknown>): Promise<void> {
  const lock = await acquireDataDirLock(dataDir, { log });
  const claim = await readClaim(dataDir);
  await lock.release();
  await writeFile(lockIn(dataDir), JSON.stringify({ ...claim, id: randomUUID(), ...change }));
}

/** Makes the lock file as old as that. */
async function age(file: string, seconds: number): Promise<void> {
  const time = new Date(Date.now() - seconds * 1000);
  await utimes(file, time, time);
}

/** A clock that leaps ahead by so much at each look. */
function makeLeapingClock(seconds: number): () => number {
  let time = Date.now();
  return () => (time += seconds * 1000);
}

async function expectTakenOver(dataDir: string, now?: () => number): Promise<void> {
  const lock = await acquireDataDirLock(dataDir, { log, ...(now && { now }) });
  expect(await readClaim(dataDir)).toMatchObject({ pid: process.pid, host: hostname() });
  expect(await lock.isHeld()).toBe(true);
  await lock.release();
  expect(await readdir(dataDir)).toEqual([]);
}

describe('the lock of a data directory', () => {
  it('is held by one, says by whom, and is free after release', () =>
    withDirectory(async (dataDir) => {
      const first = await acquireDataDirLock(dataDir, { log });
      const claim = await readClaim(dataDir);
      expect(Object.keys(claim).sort()).toEqual(
        ['bootId', 'host', 'id', 'pid', 'pidNamespace', 'since', 'startTicks'].sort(),
      );
      expect((await stat(lockIn(dataDir))).mode & 0o777).toBe(0o600);

      const refused: unknown = await acquireDataDirLock(dataDir, { log }).catch((e: unknown) => e);
      expect(refused).toBeInstanceOf(DataDirLockedError);
      const { message } = refused as Error;
      expect(message).toContain(`process ${process.pid} on host ${hostname()}, since`);
      expect(message).toContain('DATA_DIR');
      expect(await first.isHeld()).toBe(true);

      await first.release();
      await first.release();
      await expectTakenOver(dataDir);
    }));

  it.each([
    // Linux gives out no pid above 2^22.
    ['has no such pid any more', { pid: 2 ** 22 + 1 }],
    ['has a pid that belongs to a later process by now', { startTicks: '1' }],
  ])('is taken over at once when its holder %s', (_sentence, change) =>
    withDirectory(async (dataDir) => {
      await plantClaim(dataDir, change);
      await expectTakenOver(dataDir);
    }),
  );

  it('is taken over from a process that has ended but whose parent took no note of it', () =>
    withDirectory(async (dataDir) => {
      // The shell starts a process and becomes one that never asks after it; only then the process ends.
      const parent = spawn('sh', ['-c', 'exec 3<&0; cat <&3 & echo $!; exec sleep 60'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      try {
        const [output] = (await once(parent.stdout, 'data')) as [Buffer];
        const pid = Number(output.toString());
        const readFields = async () =>
          (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
        while ((await readFile(`/proc/${parent.pid}/comm`, 'utf8')) !== 'sleep\n');
        parent.stdin.end();
        while ((await readFields())[0] !== 'Z');
        await plantClaim(dataDir, { pid, startTicks: (await readFields())[19] });
        await expectTakenOver(dataDir);
      } finally {
        parent.kill('SIGKILL');
        await once(parent, 'close');
      }
    }));

  it.each([
    ['another host', { host: 'elsewhere' }],
    ['an earlier boot of this host', { bootId: '00000000-0000-0000-0000-000000000000' }],
    ['another container of this host', { pidNamespace: 'pid:[1]' }],
  ])('is taken over from %s when that has been silent for 15 seconds', (_sentence, change) =>
    withDirectory(async (dataDir) => {
      await plantClaim(dataDir, change);
      await age(lockIn(dataDir), 16);
      await expectTakenOver(dataDir);
    }),
  );

  it('is taken over from another host that falls silent while this one waits', () =>
    withDirectory(async (dataDir) => {
      await plantClaim(dataDir, { host: 'elsewhere' });
      await expectTakenOver(dataDir, makeLeapingClock(3));
    }));

  it('is taken over from a silent host whose clock is ahead', () =>
    withDirectory(async (dataDir) => {
      await plantClaim(dataDir, { host: 'elsewhere' });
      await age(lockIn(dataDir), -3600);
      await expectTakenOver(dataDir, makeLeapingClock(2));
    }));

  it('is refused, after a wait, while another host shows signs of life', () =>
    withDirectory(async (dataDir) => {
      await plantClaim(dataDir, { host: 'elsewhere', pid: 4711 });
      const clock = makeLeapingClock(2);
      const alive = setInterval(() => {
        const time = new Date(clock());
        utimes(lockIn(dataDir), time, time).catch(() => undefined);
      }, 20);
      try {
        await expect(acquireDataDirLock(dataDir, { log, now: clock })).rejects.toThrow(
          /process 4711 on host elsewhere/,
        );
        expect(log.lines.join('\n')).toContain('waiting for the data directory');
      } finally {
        clearInterval(alive);
      }
    }));

  it.each([
    ['is empty', ''],
    ['is cut off', '{"pid": 12'],
  ])(
    'is taken over by and by when its file %s, as a crash of the machine leaves it',
    (_sentence, text) =>
      withDirectory(async (dataDir) => {
        await writeFile(lockIn(dataDir), text);
        await age(lockIn(dataDir), 16);
        await expectTakenOver(dataDir);
      }),
  );

  it('is known to be lost when somebody else has it', () =>
    withDirectory(async (dataDir) => {
      const lock = await acquireDataDirLock(dataDir, { log });
      const taken = JSON.stringify({ ...(await readClaim(dataDir)), id: randomUUID() });
      await writeFile(lockIn(dataDir), taken);
      expect(await lock.isHeld()).toBe(false);
      await lock.release();
      expect(await readFile(lockIn(dataDir), 'utf8')).toBe(taken);
    }));
});

describe('many starters at once', () => {
  const STARTERS = 8;
  const ROUNDS = 10;

  async function expectOneWinner(dataDir: string): Promise<void> {
    const outcomes = await Promise.allSettled(
      Array.from({ length: STARTERS }, async (_, index) => {
        // A little apart, so that some have seen the stale claim just before it is replaced.
        for (let turn = 0; turn < index; turn += 1) await turnOfTheLoop();
        return acquireDataDirLock(dataDir, { log });
      }),
    );
    const winners = outcomes.flatMap((outcome): DataDirLock[] =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    );
    expect(winners).toHaveLength(1);
    expect(await winners[0]?.isHeld()).toBe(true);
    expect(await readdir(dataDir)).toEqual(['registry.lock']);
    await winners[0]?.release();
  }

  it('have one winner over a stale lock', () =>
    withDirectory(async (dataDir) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await plantClaim(dataDir, { startTicks: '1' });
        await expectOneWinner(dataDir);
      }
    }));

  it('leave the claim alone that another one put there after they had looked', () =>
    withDirectory(async (dataDir) => {
      const winner = await acquireDataDirLock(dataDir, { log });
      const claim = await readClaim(dataDir);
      await winner.release();
      await plantClaim(dataDir, { startTicks: '1' });
      const newer = JSON.stringify({ ...claim, id: randomUUID() });

      // A starter says that it takes over right before it does: that is when another one gets there.
      const late = { ...log, warn: () => writeFileSync(lockIn(dataDir), newer) };
      await expect(acquireDataDirLock(dataDir, { log: late })).rejects.toThrow(DataDirLockedError);
      expect(await readFile(lockIn(dataDir), 'utf8')).toBe(newer);
    }));

  it('have one winner also where an earlier starter died while taking over', () =>
    withDirectory(async (dataDir) => {
      await plantClaim(dataDir, { startTicks: '1' });
      const { id, ...stale } = await readClaim(dataDir);
      const guard = `${lockIn(dataDir)}.${String(id)}`;
      await writeFile(guard, JSON.stringify({ ...stale, id: randomUUID() }));
      await expectOneWinner(dataDir);
    }));
});
