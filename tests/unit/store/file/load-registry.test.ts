import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createFileStore } from '../../../../registry/store/file/file-store.js';
import type { Store, StoreHealth } from '../../../../registry/store/store.js';
import {
  adding,
  makeDocument,
  makeRecordingLog,
  makeServer,
  withDirectory,
} from '../../../store/store-records.js';

const run = promisify(execFile);
const fileIn = (dataDir: string) => path.join(dataDir, 'registry.json');

/** Opens the directory, checks that nothing can be written, and gives what the store says of itself. */
async function expectReadOnly(
  dataDir: string,
  check?: (store: Store) => void,
): Promise<Extract<StoreHealth, { writable: false }>> {
  const store = await createFileStore({ dataDir, log: makeRecordingLog() });
  try {
    const health = store.health();
    if (health.writable) throw new Error('the store is writable');
    await expect(store.commit(adding('/new'))).rejects.toMatchObject({
      code: 'store-read-only',
      message: `${health.reason} ${health.remedy}`,
    });
    check?.(store);
    return health;
  } finally {
    await store.close();
  }
}

async function fill(dataDir: string, commits: number): Promise<void> {
  const store = await createFileStore({ dataDir, log: makeRecordingLog() });
  for (let index = 1; index <= commits; index += 1) await store.commit(adding(`/s${index}`));
  await store.close();
}

describe('a registry file that cannot be used', () => {
  it('is recognised when it is cut off at any byte, and its bytes stay as they are', () =>
    withDirectory(async (dataDir) => {
      const whole = Buffer.from(makeDocument({ servers: [makeServer('/weather')] }));
      for (let length = 0; length < whole.length; length += 1) {
        const cut = whole.subarray(0, length);
        await writeFile(fileIn(dataDir), cut);
        const { reason } = await expectReadOnly(dataDir);
        expect(reason).toContain(`${fileIn(dataDir)} cannot be used: it is`);
        expect(await readFile(fileIn(dataDir))).toEqual(cut);
      }
    }));

  it.each([
    ['is of another version', makeDocument({ version: 2 }), 'it has version 2'],
    ['has no list of tokens', makeDocument({ tokens: undefined }), 'tokens: '],
    ['has a field of a later version', makeDocument({ teams: [] }), '"teams"'],
    ['is a list', '[]', 'it is not a registry document'],
    ['is null', 'null', 'it is not a registry document'],
    ['is full of zeros', '\0'.repeat(200), 'it is not valid JSON'],
    ['is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'it is not valid JSON'],
  ])('is left alone when it %s', (_sentence, bytes, fault) =>
    withDirectory(async (dataDir) => {
      await writeFile(fileIn(dataDir), bytes);
      const { reason, remedy } = await expectReadOnly(dataDir, (store) => {
        expect(store.state().revision).toBe(0);
      });
      expect(reason).toContain(fault);
      expect(remedy).toContain('no usable backup');
      expect(remedy).toContain(`mv ${fileIn(dataDir)} ${fileIn(dataDir)}.broken`);
      expect(await readFile(fileIn(dataDir))).toEqual(Buffer.from(bytes));
    }),
  );

  it('is one that cannot be read at all', () =>
    withDirectory(async (dataDir) => {
      await mkdir(fileIn(dataDir));
      expect((await expectReadOnly(dataDir)).reason).toMatch(
        /registry\.json cannot be used: .*EISDIR/,
      );
    }));

  it('is one that is missing although there are backups', () =>
    withDirectory(async (dataDir) => {
      await fill(dataDir, 3);
      await rm(fileIn(dataDir));
      const { reason } = await expectReadOnly(dataDir, (store) => {
        expect(store.state().revision).toBe(2);
      });
      expect(reason).toContain('is missing, although');
      await expect(readFile(fileIn(dataDir))).rejects.toMatchObject({ code: 'ENOENT' });
    }));
});

describe('a data directory that takes no files', () => {
  it('is served read-only instead of not at all', async () => {
    // Nobody can create files in the kernel's own folders, whatever their permissions are.
    const { reason, remedy } = await expectReadOnly('/sys/kernel', (store) => {
      expect(store.state().revision).toBe(0);
    });
    expect(reason).toMatch(/^\/sys\/kernel cannot be written: .*(?:EACCES|EPERM|EROFS)/);
    expect(remedy).toContain('make it writable');
  });
});

describe('the remedy', () => {
  it('names the newest backup that parses, serves it, and works when its commands are run', () =>
    withDirectory(async (parent) => {
      const dataDir = path.join(parent, "it's data");
      await fill(dataDir, 5);
      await writeFile(fileIn(dataDir), '{"version": 1, "revi');
      await rm(path.join(dataDir, 'backups', 'registry-0000000004.json'));
      await writeFile(path.join(dataDir, 'backups', 'registry-0000000004.json'), '{');

      const { remedy } = await expectReadOnly(dataDir, (store) => {
        expect(store.state().revision).toBe(3);
        expect([...store.state().catalog.servers.keys()]).toEqual(['/s1', '/s2', '/s3']);
      });
      expect(remedy).toMatch(/revision 3 of \d{4}-\d\d-\d\dT/);

      const commands = [...remedy.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
      expect(commands.map((command) => command.slice(0, 3))).toEqual(['mv ', 'cp ']);
      for (const command of commands) await run('sh', ['-c', command]);

      const store = await createFileStore({ dataDir, log: makeRecordingLog() });
      expect(store.health()).toEqual({ writable: true });
      expect(store.state().revision).toBe(3);
      // Revision 5 was in the file that broke.
      expect((await store.commit(adding('/after'))).revision).toBe(6);
      await store.close();
    }));
});
