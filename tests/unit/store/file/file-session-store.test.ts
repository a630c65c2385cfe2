import { describe, expect, it } from '@jest/globals';
import type { SessionData } from 'express-session';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  createFileSessionStore,
  type FileSessionStore,
} from '../../../../registry/store/file/file-session-store.js';
import { makeRecordingLog, withDirectory } from '../../../store/store-records.js';

const HOUR = 3_600_000;
const fileIn = (dataDir: string) => path.join(dataDir, 'sessions.json');

/** A session as express-session hands it over. */
function makeSession(expires: Date | null, name = 'ada'): SessionData {
  const cookie = { originalMaxAge: HOUR, path: '/', httpOnly: true, expires };
  return { cookie, username: name } as unknown as SessionData;
}

const inAnHour = () => new Date(Date.now() + HOUR);

function set(store: FileSessionStore, sid: string, data: SessionData): Promise<void> {
  return promisify(store.set.bind(store))(sid, data);
}

function destroy(store: FileSessionStore, sid: string): Promise<void> {
  return promisify(store.destroy.bind(store))(sid);
}

function get(store: FileSessionStore, sid: string): Promise<SessionData | null | undefined> {
  return new Promise((resolve) => store.get(sid, (_fault, data) => resolve(data)));
}

function touch(store: FileSessionStore, sid: string, data: SessionData): Promise<void> {
  return new Promise((resolve) => store.touch?.(sid, data, resolve));
}

async function open(dataDir: string, options: { now?: () => number; touchWriteMs?: number } = {}) {
  return createFileSessionStore({ dataDir, log: makeRecordingLog(), ...options });
}

describe('a session', () => {
  it('survives a restart without being written at close, and its id is not in the file', () =>
    withDirectory(async (dataDir) => {
      const store = await open(dataDir);
      await set(store, 'secret-id', makeSession(inAnHour()));
      const text = await readFile(fileIn(dataDir), 'utf8');
      expect(text).not.toContain('secret-id');
      expect(text).toContain(createHash('sha256').update('secret-id').digest('hex'));
      expect((await stat(fileIn(dataDir))).mode & 0o777).toBe(0o600);

      const next = await open(dataDir);
      expect(await get(next, 'secret-id')).toMatchObject({ username: 'ada' });
      expect(await get(next, 'another-id')).toBeNull();
      await store.close();
      await next.close();
    }));

  it('is gone for good once destroyed, and a late touch does not bring it back', () =>
    withDirectory(async (dataDir) => {
      const store = await open(dataDir);
      await set(store, 'a', makeSession(inAnHour()));
      await destroy(store, 'a');
      await touch(store, 'a', makeSession(inAnHour()));
      expect(await get(store, 'a')).toBeNull();
      const next = await open(dataDir);
      expect(await get(next, 'a')).toBeNull();
      await store.close();
      await next.close();
    }));

  it('ends with its cookie and is swept from the file at the next write', () =>
    withDirectory(async (dataDir) => {
      let time = Date.now();
      const store = await open(dataDir, { now: () => time });
      await set(store, 'a', makeSession(inAnHour()));
      await set(store, 'without an end', makeSession(null, 'grace'));
      time += HOUR + 1000;
      expect(await get(store, 'a')).toBeNull();
      expect(await get(store, 'without an end')).toBeNull();
      await set(store, 'b', makeSession(new Date(time + HOUR), 'eve'));
      expect(await readFile(fileIn(dataDir), 'utf8')).not.toMatch(/ada|grace/);
      await store.close();
    }));

  it('is not changed by what a request does to it before it saves', () =>
    withDirectory(async (dataDir) => {
      const store = await open(dataDir);
      await set(store, 'a', makeSession(inAnHour()));
      Object.assign((await get(store, 'a')) ?? {}, { username: 'mallory' });
      expect(await get(store, 'a')).toMatchObject({ username: 'ada' });
      await store.close();
    }));

  it('of many set at once is not lost', () =>
    withDirectory(async (dataDir) => {
      const store = await open(dataDir);
      const ids = Array.from({ length: 50 }, (_, index) => `id-${index}`);
      await Promise.all(ids.map((id) => set(store, id, makeSession(inAnHour(), id))));
      const next = await open(dataDir);
      const found = await Promise.all(ids.map((id) => get(next, id)));
      expect(found.map((data) => (data as unknown as { username: string }).username)).toEqual(ids);
      await store.close();
      await next.close();
    }));
});

describe('a touch', () => {
  it('prolongs in memory, and reaches the file at close', () =>
    withDirectory(async (dataDir) => {
      let time = Date.now();
      const store = await open(dataDir, { now: () => time });
      await set(store, 'a', makeSession(inAnHour()));
      const before = await readFile(fileIn(dataDir));
      time += HOUR - 1;
      await touch(store, 'a', makeSession(null, 'unsaved'));
      expect(await readFile(fileIn(dataDir))).toEqual(before);
      time += HOUR - 1;
      expect(await get(store, 'a')).toMatchObject({ username: 'ada' });
      await store.close();
      const next = await open(dataDir, { now: () => time });
      expect(await get(next, 'a')).toMatchObject({ username: 'ada' });
      await next.close();
    }));

  it('reaches the file by itself after the interval', () =>
    withDirectory(async (dataDir) => {
      const store = await open(dataDir, { touchWriteMs: 1 });
      await set(store, 'a', makeSession(inAnHour()));
      const later = new Date(Date.now() + 5 * HOUR);
      await touch(store, 'a', makeSession(later));
      const written = async () =>
        (await readFile(fileIn(dataDir), 'utf8')).includes(later.toISOString());
      while (!(await written())) await new Promise((resolve) => setImmediate(resolve));
      expect(await written()).toBe(true);
      await store.close();
    }));
});

describe('a sessions file that cannot be read', () => {
  it.each([
    ['cut off', '{"version":1,"sess'],
    ['of another version', '{"version":2,"sessions":{}}'],
    ['with a strange entry', '{"version":1,"sessions":{"x":1}}'],
  ])('gives an empty store and a warning: %s', (_sentence, text) =>
    withDirectory(async (dataDir) => {
      await writeFile(fileIn(dataDir), text);
      const log = makeRecordingLog();
      const store = await createFileSessionStore({ dataDir, log });
      expect(log.lines.join('\n')).toMatch(/^warn the stored sessions are lost/);
      expect(await get(store, 'a')).toBeNull();
      await set(store, 'a', makeSession(inAnHour()));
      await store.close();
      const next = await open(dataDir);
      expect(await get(next, 'a')).toMatchObject({ username: 'ada' });
      await next.close();
    }),
  );
});
