import { describe, expect, it } from '@jest/globals';
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuditEntry } from '../../../registry/audit/audit-entry.js';
import { auditFileName } from '../../../registry/audit/audit-files.js';
import type { AuditFilters, AuditLog } from '../../../registry/audit/audit-log.js';
import {
  createFileAuditLog,
  type FileAuditLogOptions,
} from '../../../registry/audit/file-audit-log.js';
import { createFakeClock } from '../../fakes/fake-clock.js';
import { createRecordingLog } from '../../fakes/recording-log.js';
import { makeEntry, withDataDir } from './audit-records.js';

const RETENTION = { maxDays: 365, maxBytes: 1024 ** 3 };

function open(dataDir: string, options: Partial<FileAuditLogOptions> = {}): AuditLog {
  return createFileAuditLog({
    dataDir,
    retention: RETENTION,
    clock: createFakeClock(),
    log: createRecordingLog(),
    ...options,
  });
}

const filesIn = async (dataDir: string) => (await readdir(path.join(dataDir, 'audit'))).sort();
const ids = (entries: readonly AuditEntry[]) => entries.map(({ id }) => id);

async function find(log: AuditLog, filters: AuditFilters = {}): Promise<string[]> {
  return ids((await log.query({ filters, limit: 500 })).entries);
}

/** All pages, one after the other. */
async function pages(log: AuditLog, limit: number, filters: AuditFilters = {}) {
  const found: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await log.query({ filters, limit, cursor });
    found.push(ids(page.entries));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

function recordAll(log: AuditLog, entries: readonly AuditEntry[]): void {
  for (const entry of entries) log.record(entry);
}

const numbered = (count: number, change: Partial<AuditEntry> = {}) =>
  Array.from({ length: count }, (_, index) => makeEntry(`e${index}`, change));

describe('what was recorded', () => {
  it('is found at once, newest first and whole', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir);
      const entry = makeEntry('b', { before: { name: 'Wétter ☂' }, requestId: 'r' });
      recordAll(log, [makeEntry('a'), entry]);
      const { entries, nextCursor } = await log.query({ filters: {}, limit: 10 });
      expect(ids(entries)).toEqual(['b', 'a']);
      expect(entries[0]).toEqual(entry);
      expect(nextCursor).toBeUndefined();
      await log.close();
    }));

  it('is in a file that only its owner may read, one line each, in order', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir);
      recordAll(log, numbered(3));
      await log.close();
      const files = await filesIn(dataDir);
      expect(files).toEqual(['audit-20260102T030405000Z.jsonl']);
      const file = path.join(dataDir, 'audit', files[0] ?? '');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as AuditEntry).id)).toEqual(['e0', 'e1', 'e2']);
    }));

  it('survives a restart and is added to', () =>
    withDataDir(async (dataDir) => {
      const first = open(dataDir);
      first.record(makeEntry('a'));
      await first.close();
      const second = open(dataDir);
      expect(await find(second)).toEqual(['a']);
      second.record(makeEntry('b'));
      expect(await find(second)).toEqual(['b', 'a']);
      await second.close();
      expect(await filesIn(dataDir)).toHaveLength(1);
    }));

  it('is nothing in a directory that does not exist yet', () =>
    withDataDir(async (dataDir) => {
      expect(await find(open(path.join(dataDir, 'new')))).toEqual([]);
    }));

  it('is not hurt by a line that a crash cut, and goes on in a new line', () =>
    withDataDir(async (dataDir) => {
      const first = open(dataDir);
      first.record(makeEntry('a'));
      await first.close();
      const [name = ''] = await filesIn(dataDir);
      const file = path.join(dataDir, 'audit', name);
      await appendFile(file, '{"id":"torn","time":"2026-01-0');
      const second = open(dataDir);
      expect(await find(second)).toEqual(['a']);
      second.record(makeEntry('b'));
      expect(await find(second)).toEqual(['b', 'a']);
      await second.close();
      expect(await readFile(file, 'utf8')).toContain('2026-01-0\n{"id":"b"');
    }));
});

describe('a query', () => {
  const entries = [
    makeEntry('a', { time: '2026-01-02T00:00:00.000Z' }),
    makeEntry('b', { time: '2026-01-02T01:00:00.000Z', action: 'server.remove' }),
    makeEntry('c', {
      time: '2026-01-03T02:00:00.000Z',
      action: 'tool.call',
      target: { type: 'tool', id: 'rain', server: '/weather' },
    }),
    makeEntry('d', {
      time: '2026-01-03T03:00:00.000Z',
      actor: { kind: 'token', username: 'bob', tokenId: 't' },
      target: { type: 'server', id: '/time' },
      outcome: 'forbidden',
    }),
    makeEntry('e', {
      time: '2026-01-04T04:00:00.000Z',
      action: 'session.refused',
      actor: { kind: 'stranger' },
      target: { type: 'user' },
      outcome: 'invalid-credentials',
    }),
  ];
  const cases: readonly (readonly [string, AuditFilters, readonly string[]])[] = [
    ['nothing', {}, ['e', 'd', 'c', 'b', 'a']],
    ['an actor', { actor: 'bob' }, ['d']],
    ['an action', { action: 'server.remove' }, ['b']],
    ['a family of actions', { action: 'server.*' }, ['d', 'b', 'a']],
    ['a target and what belongs to it', { target: '/weather' }, ['c', 'b', 'a']],
    ['success', { outcome: 'ok' }, ['c', 'b', 'a']],
    ['refusals', { outcome: 'refused' }, ['e', 'd']],
    ['one code', { outcome: 'forbidden' }, ['d']],
    ['a beginning, inclusive', { from: '2026-01-03T02:00:00Z' }, ['e', 'd', 'c']],
    ['an end, exclusive', { to: '2026-01-03T02:00:00Z' }, ['b', 'a']],
    ['a day', { from: '2026-01-03', to: '2026-01-04' }, ['d', 'c']],
    ['a time with an offset', { from: '2026-01-03T04:30:00+02:00' }, ['e', 'd']],
    ['several conditions', { actor: 'ada', target: '/weather', action: 'server.enable' }, ['a']],
    ['what is not there', { actor: 'ada', outcome: 'refused' }, []],
  ];

  it.each(cases)('finds by %s', (_name, filters, expected) =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir);
      recordAll(log, entries);
      expect(await find(log, filters)).toEqual(expected);
      await log.close();
      expect(await filesIn(dataDir)).toHaveLength(3);
    }),
  );

  it.each([1, 2, 3, 5, 7])('gives pages of %i without gaps or doubles, across files', (limit) =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir, { limits: { fileBytes: 700 } });
      recordAll(log, numbered(10));
      const found = await pages(log, limit);
      expect((await filesIn(dataDir)).length).toBeGreaterThan(2);
      expect(found.flat()).toEqual(ids(numbered(10)).reverse());
      expect(found).toHaveLength(Math.ceil(10 / limit));
      await log.close();
    }),
  );

  it('gives no further page when only other entries are left', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir);
      recordAll(log, [makeEntry('x', { action: 'tool.call' }), makeEntry('a'), makeEntry('b')]);
      expect(await pages(log, 2, { action: 'server.enable' })).toEqual([['b', 'a']]);
      await log.close();
    }));

  it('keeps its place when entries are added between pages', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir);
      recordAll(log, numbered(4));
      const { nextCursor } = await log.query({ filters: {}, limit: 2 });
      log.record(makeEntry('new'));
      const next = await log.query({ filters: {}, limit: 2, cursor: nextCursor });
      expect(ids(next.entries)).toEqual(['e1', 'e0']);
      await log.close();
    }));

  it('ends early with a cursor rather than read without end', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir, { limits: { scanBytes: 500 } });
      recordAll(log, [makeEntry('rare', { actor: { kind: 'user', username: 'eve' } })]);
      recordAll(log, numbered(20));
      const first = await log.query({ filters: { actor: 'eve' }, limit: 10 });
      expect(first.entries).toEqual([]);
      expect(first.nextCursor).toBeDefined();
      expect((await pages(log, 10, { actor: 'eve' })).flat()).toEqual(['rare']);
      await log.close();
    }));

  it('reads lines that are longer than what is read at once', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir);
      const long = { description: 'ü'.repeat(150_000) };
      recordAll(log, [makeEntry('a'), makeEntry('b', { after: long }), makeEntry('c')]);
      const { entries } = await log.query({ filters: {}, limit: 10 });
      expect(ids(entries)).toEqual(['c', 'b', 'a']);
      expect(entries[1]?.after).toEqual(long);
      await log.close();
    }));

  it.each(['', 'x', Buffer.from('../../etc/passwd:0').toString('base64url')])(
    'refuses the cursor "%s"',
    (cursor) =>
      withDataDir(async (dataDir) => {
        await expect(open(dataDir).query({ filters: {}, limit: 1, cursor })).rejects.toMatchObject({
          code: 'validation-failed',
          problems: [{ field: 'cursor' }],
        });
      }),
  );
});

describe('files', () => {
  it('are begun anew with each UTC day, named by its first entry', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir);
      recordAll(log, [
        makeEntry('a', { time: '2026-01-02T23:59:59.999Z' }),
        makeEntry('b', { time: '2026-01-03T00:00:00.000Z' }),
        makeEntry('c', { time: '2026-01-03T00:00:01.000Z' }),
      ]);
      await log.close();
      expect(await filesIn(dataDir)).toEqual([
        'audit-20260102T235959999Z.jsonl',
        'audit-20260103T000000000Z.jsonl',
      ]);
    }));

  it('keep their order when the clock is set back', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir, { limits: { fileBytes: 1 } });
      recordAll(log, [
        makeEntry('a', { time: '2026-01-02T12:00:00.000Z' }),
        makeEntry('b', { time: '2026-01-01T12:00:00.000Z' }),
      ]);
      expect(await find(log)).toEqual(['b', 'a']);
      await log.close();
      expect(await filesIn(dataDir)).toHaveLength(2);
    }));

  it('are removed when all in them is too old, and others are left alone', () =>
    withDataDir(async (dataDir) => {
      const directory = path.join(dataDir, 'audit');
      await mkdir(directory);
      const old = ['2024-12-01', '2024-12-31', '2025-06-01'].map((day) =>
        auditFileName(new Date(day)),
      );
      for (const name of [...old, 'notes.txt']) await writeFile(path.join(directory, name), '');
      const log = open(dataDir);
      log.record(makeEntry('a'));
      await log.close();
      // What the second holds may be as young as the beginning of the third.
      expect(await filesIn(dataDir)).toEqual([
        old[1],
        old[2],
        'audit-20260102T030405000Z.jsonl',
        'notes.txt',
      ]);
    }));

  it('are removed, oldest first, when all together are too large', () =>
    withDataDir(async (dataDir) => {
      const log = open(dataDir, {
        limits: { fileBytes: 600 },
        retention: { maxDays: 365, maxBytes: 1500 },
      });
      recordAll(log, numbered(30));
      const found = await find(log);
      expect(found[0]).toBe('e29');
      expect(found.length).toBeLessThan(10);
      expect(found).toEqual(ids(numbered(30)).reverse().slice(0, found.length));
      await log.close();
    }));
});

describe('a disk that takes nothing', () => {
  /** A file where the directory should be. */
  async function blocked(dataDir: string) {
    const obstacle = path.join(dataDir, 'audit');
    await writeFile(obstacle, '');
    return () => rm(obstacle);
  }

  it('is told by the health and once in the log; entries wait in order', () =>
    withDataDir(async (dataDir) => {
      const recorded = createRecordingLog();
      const free = await blocked(dataDir);
      const log = open(dataDir, { log: recorded });
      recordAll(log, numbered(2));
      await expect(find(log)).rejects.toThrow('ENOTDIR');
      await expect(find(log)).rejects.toThrow('ENOTDIR');
      expect(log.health()).toMatchObject({ writable: false, waiting: 2 });
      expect(recorded.entries.filter(({ level }) => level === 'error')).toHaveLength(1);
      await free();
      log.record(makeEntry('late'));
      expect(await find(log)).toEqual(['late', 'e1', 'e0']);
      expect(log.health()).toEqual({ writable: true });
      await log.close();
    }));

  it('is tried again without a new entry', () =>
    withDataDir(async (dataDir) => {
      const free = await blocked(dataDir);
      let tell = (): void => undefined;
      const recovered = new Promise<void>((resolve) => (tell = resolve));
      const log = open(dataDir, {
        log: { ...createRecordingLog(), info: () => tell() },
        limits: { retryMs: 5 },
      });
      log.record(makeEntry('a'));
      await expect(find(log)).rejects.toThrow('ENOTDIR');
      await free();
      await recovered;
      expect(await find(log)).toEqual(['a']);
      await log.close();
    }));

  it('makes the queue drop what it cannot hold, and the next line says how many', () =>
    withDataDir(async (dataDir) => {
      const free = await blocked(dataDir);
      const log = open(dataDir, { limits: { queue: 3 } });
      recordAll(log, numbered(5));
      await expect(find(log)).rejects.toThrow('ENOTDIR');
      await free();
      expect(await find(log)).toEqual(['e2', 'e1', 'e0']);
      log.record(makeEntry('next'));
      const { entries } = await log.query({ filters: {}, limit: 1 });
      expect(entries).toEqual([makeEntry('next', { dropped: 2 })]);
      await log.close();
    }));

  it('is reported with what is lost when the registry ends', () =>
    withDataDir(async (dataDir) => {
      const recorded = createRecordingLog();
      await blocked(dataDir);
      const log = open(dataDir, { log: recorded });
      recordAll(log, numbered(4));
      await log.close();
      expect(recorded.entries.at(-1)).toMatchObject({ level: 'error', fields: { entries: 4 } });
    }));
});
