import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createFileUsageStore } from '../../registry/store/file/file-usage-store.js';
import type { UsageStore } from '../../registry/store/store.js';
import { createFindCall } from '../../registry/usage/find-call.js';
import { createLogFiles } from '../../registry/usage/log-files.js';
import { createLogRotation } from '../../registry/usage/log-rotation.js';
import { createUsageArchive } from '../../registry/usage/usage-archive.js';
import { createUsageCollector } from '../../registry/usage/usage-collector.js';
import { createUsageStatistics } from '../../registry/usage/usage-statistics.js';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.js';
import { createMemoryUsageStore, type MemoryUsageStore } from '../fakes/memory-usage-store.js';
import { createRecordingLog } from '../fakes/recording-log.js';

const NEVER_MS = 3_600_000;

let folder: string;
let current: string;
let clock: FakeClock;
let store: MemoryUsageStore;
let written: number;
const log = createRecordingLog();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'usage-'));
  current = path.join(folder, 'access.log');
  clock = createFakeClock();
  store = createMemoryUsageStore();
  written = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A line as nginx writes it, each with an id of its own. */
function line(): string {
  written += 1;
  return `${JSON.stringify({
    time: clock().toISOString(),
    requestId: `abc-${(clock().getTime() / 1000).toFixed(3)}-${written}-1`,
    server: '/weather',
    method: 'POST',
    status: 200,
    upstreamStatus: '200',
    seconds: 0.01,
    bytesIn: 1,
    bytesOut: 1,
  })}\n`;
}

const write = (...lines: string[]) => appendFileSync(current, lines.join(''));

/** A registry's life: what is abandoned has crashed. */
function life(from: UsageStore = store, maxBytes = 1024 ** 2, reopen = () => true) {
  const archive = createUsageArchive(from);
  const files = createLogFiles(current);
  const rotation = createLogRotation({ files, maxBytes, reopen, log });
  const onCall = () => undefined;
  const parts = { store: from, archive, files, rotation, onCall, clock, log, tickMs: NEVER_MS };
  const collector = createUsageCollector(parts);
  const statistics = createUsageStatistics({ archive, collector });
  const calls = async (interval: 'minute' | 'hour' | 'day' = 'minute') => {
    let sum = 0;
    for await (const { rows } of statistics.buckets(interval, 0, Date.parse('2090-01-01'))) {
      for (const [, count] of rows) sum += count;
    }
    return sum;
  };
  return { collector, calls, find: createFindCall(files) };
}

describe('a collector', () => {
  it('counts what is there, and what comes later, once', async () => {
    write(line(), line());
    const first = life();
    await first.collector.start();
    expect(await first.calls()).toBe(2);
    write(line());
    await first.collector.stop();
    const second = life();
    await second.collector.start();
    expect(await second.calls()).toBe(3);
  });

  it('counts once what it could not note before it crashed', async () => {
    write(line());
    await life().collector.start();
    clock.advance(10 * 60_000);
    write(line(), line());
    clock.advance(10 * 60_000);
    store.failNextState = new Error('the disk is full');
    const crashed = life();
    await crashed.collector.start();
    expect(crashed.collector.figures.fault).toBe('the disk is full');
    expect(await crashed.calls()).toBe(3);
    const after = life();
    await after.collector.start();
    expect([await after.calls(), await after.calls('hour'), await after.calls('day')]).toEqual([
      3, 3, 3,
    ]);
    expect(after.collector.figures.fault).toBeUndefined();
  });

  it('archives what it had noted as closed and not archived when it crashed', async () => {
    write(line());
    await life().collector.start();
    clock.advance(3_600_000 * 30);
    write(line());
    store.failNextAppend = new Error('the disk is full');
    const crashed = life();
    await crashed.collector.start();
    expect(crashed.collector.figures.fault).toBe('the disk is full');
    expect(store.files.size).toBe(0);
    expect(await crashed.calls()).toBe(2);
    const after = life();
    await after.collector.start();
    expect([...store.files.keys()].sort()).toHaveLength(3);
    expect([await after.calls(), await after.calls('hour'), await after.calls('day')]).toEqual([
      2, 2, 2,
    ]);
  });

  it('counts nothing again after a time in which the folder of the log could not be read', async () => {
    write(line(), line());
    const { collector, calls } = life();
    await collector.start();
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, '');
    await collector.stop();
    const { fault } = collector.figures;
    rmSync(folder);
    renameSync(`${folder}-away`, folder);
    await collector.start();
    expect(await calls()).toBe(2);
    expect(fault).toContain('ENOTDIR');
    expect(collector.figures.fault).toBeUndefined();
  });

  it('waits for the end of a line', async () => {
    const whole = line();
    write(line(), whole.slice(0, 40));
    const first = life();
    await first.collector.start();
    expect(await first.calls()).toBe(1);
    write(whole.slice(40));
    await first.collector.stop();
    expect(await first.calls()).toBe(2);
    expect(first.collector.figures.torn).toBe(0);
  });

  it('passes over what is no line of ours, and counts it as that', async () => {
    write('GET / HTTP/1.1\n', line(), `${'x'.repeat(600_000)}\n`, line());
    const { collector, calls } = life();
    await collector.start();
    expect(await calls()).toBe(2);
    expect(collector.figures.torn).toBeGreaterThanOrEqual(2);
    await collector.stop();
    const again = life();
    await again.collector.start();
    expect(again.collector.figures.torn).toBe(collector.figures.torn);
  });

  it('begins anew with a file that was emptied, and with another one of the same number', async () => {
    write(line(), line());
    await life().collector.start();
    truncateSync(current);
    write(line());
    const second = life();
    await second.collector.start();
    expect(await second.calls()).toBe(3);
    writeFileSync(current, '');
    write(...Array.from({ length: 20 }, line));
    const third = life();
    await third.collector.start();
    expect(await third.calls()).toBe(23);
  });

  it('goes on at the present when what it noted cannot be read: nothing is counted twice', async () => {
    write(line(), line());
    await life().collector.start();
    store.state = '{"version":1,';
    const after = life();
    await after.collector.start();
    expect(await after.calls()).toBe(0);
    expect(store.aside).toBe('{"version":1,');
    write(line());
    await after.collector.stop();
    expect(await after.calls()).toBe(1);
  });

  it('takes no call from the future', async () => {
    const now = clock().getTime();
    clock.advance(400 * 86_400_000);
    write(line());
    clock.advance(now - clock().getTime());
    const { collector, calls } = life();
    await collector.start();
    write(line());
    await collector.stop();
    expect(await calls()).toBe(2);
    expect(collector.open('day')).toHaveLength(1);
  });

  it('begins a new file when one is full, tells nginx until it hears, and keeps eight', async () => {
    let heard = 0;
    const reopen = () => (heard += 1) > 1;
    const { collector, calls } = life(store, 9 * 600, reopen);
    await collector.start();
    for (let turn = 0; turn < 15; turn += 1) {
      write(line(), line(), line());
      clock.advance(1000);
      await collector.stop();
    }
    expect(await calls()).toBe(45);
    expect(readdirSync(folder).length).toBeLessThanOrEqual(9);
    expect(heard).toBeGreaterThan(5);
    expect(collector.figures.lostBytes).toBe(0);
  });

  it('tells nginx what an earlier registry could not tell any more', async () => {
    write(line());
    renameSync(current, path.join(folder, 'access-20260102T030405000Z.log'));
    let heard = 0;
    const { collector, calls } = life(store, 1024 ** 2, () => (heard += 1) > 0);
    await collector.start();
    expect([heard, await calls()]).toEqual([1, 1]);
    write(line());
    await collector.stop();
    expect([heard, await calls()]).toEqual([1, 2]);
  });

  it('finds the record of a request in old files and the new one', async () => {
    const { collector, find } = life(store, 9 * 1000);
    const ids: string[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      const next = line();
      ids.push((JSON.parse(next) as { requestId: string }).requestId);
      write(next);
      await collector.stop();
      clock.advance(1000);
    }
    for (const id of ids) expect((await find(id))?.requestId).toBe(id);
    expect(await find('abc-1767323045.000-999-1')).toBeUndefined();
    expect(await find('"; rm')).toBeUndefined();
  });

  it('counts every call once, whatever happens in which order', async () => {
    const step = fc.constantFrom(
      'write',
      'write',
      'half',
      'turn',
      'crash',
      'fail',
      'fail archive',
      'minute',
      'hour',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        rmSync(folder, { recursive: true, force: true });
        folder = mkdtempSync(path.join(tmpdir(), 'usage-'));
        current = path.join(folder, 'access.log');
        store = createMemoryUsageStore();
        written = 0;
        let rest = '';
        let now = life(store, 9 * 2000);
        for (const each of steps) {
          if (each === 'write') {
            write(rest, line());
            rest = '';
          } else if (each === 'half' && rest === '') {
            const whole = line();
            write(whole.slice(0, 30));
            rest = whole.slice(30);
          } else if (each === 'turn' && rest === '') {
            await now.collector.stop();
          } else if (each.startsWith('fail')) {
            if (each === 'fail') store.failNextState = new Error('no');
            else store.failNextAppend = new Error('no');
            clock.advance(120_000);
            await now.collector.stop();
          } else if (each === 'crash') {
            now = life(store, 9 * 2000);
          } else {
            clock.advance(each === 'hour' ? 3_600_000 : 60_000);
          }
        }
        write(rest);
        now = life(store, 9 * 2000);
        store.failNextState = undefined;
        store.failNextAppend = undefined;
        await now.collector.stop();
        const sums = [await now.calls('minute'), await now.calls('hour'), await now.calls('day')];
        expect(sums).toEqual([written, written, written]);
      }),
      { numRuns: 60, examples: [[['half', 'fail', 'write', 'fail']]] },
    );
  });
});

describe('files of statistics', () => {
  it('survive, and a state that cannot be read is kept aside', async () => {
    const dataDir = path.join(folder, 'data');
    write(line());
    const files = createFileUsageStore({ dataDir });
    await life(files).collector.start();
    clock.advance(3_600_000 * 30);
    write(line());
    await life(files).collector.stop();
    const third = life(createFileUsageStore({ dataDir }));
    await third.collector.start();
    expect([await third.calls('minute'), await third.calls('hour')]).toEqual([2, 2]);
    const kept = path.join(dataDir, 'usage');
    expect(readdirSync(kept)).toEqual(expect.arrayContaining(['state.json']));
    writeFileSync(path.join(kept, 'state.json'), 'damaged');
    await life(createFileUsageStore({ dataDir })).collector.start();
    expect(readdirSync(kept)).toEqual(expect.arrayContaining(['state.json.unreadable']));
  });
});
