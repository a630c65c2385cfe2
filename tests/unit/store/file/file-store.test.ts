import { describe, expect, it, jest } from '@jest/globals';
import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import { RegistryError } from '../../../../registry/errors.js';
import { createFileStore } from '../../../../registry/store/file/file-store.js';
import type { Store } from '../../../../registry/store/store.js';
import {
  adding,
  makeDocument,
  makeRecordingLog,
  withDirectory,
} from '../../../store/store-records.js';

async function withStore(
  dataDir: string,
  use: (store: Store) => Promise<void>,
  log = makeRecordingLog(),
): Promise<void> {
  const store = await createFileStore({ dataDir, log });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

const fileIn = (dataDir: string) => path.join(dataDir, 'registry.json');
const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

function expectPath(store: Store, serverPath: string): void {
  expect([...store.state().catalog.servers.keys()]).toContain(serverPath);
}

describe('a new data directory', () => {
  it('is created for its owner alone and gives the empty state', () =>
    withDirectory(async (parent) => {
      const dataDir = path.join(parent, 'deep', 'data');
      await withStore(dataDir, async (store) => {
        expect(store.health()).toEqual({ writable: true });
        expect(store.state()).toEqual({
          revision: 0,
          catalog: { servers: new Map(), invalid: [] },
          accounts: [],
          groups: [],
          tokens: [],
          registries: [],
        });
        await store.commit(adding('/weather'));
        expect(await modeOf(fileIn(dataDir))).toBe(0o600);
        expect(await modeOf(dataDir)).toBe(0o700);
      });
    }));
});

describe('a commit', () => {
  it('is there after a restart', () =>
    withDirectory(async (dataDir) => {
      await withStore(dataDir, async (store) => {
        const state = await store.commit(adding('/weather'));
        expect(state.revision).toBe(1);
        expect(store.state()).toBe(state);
      });
      await withStore(dataDir, (store) => {
        expect(store.state().revision).toBe(1);
        expectPath(store, '/weather');
        return Promise.resolve();
      });
    }));

  it('is one of 100 at the same time, and none is lost', () =>
    withDirectory(async (dataDir) => {
      await withStore(dataDir, async (store) => {
        await Promise.all(
          Array.from({ length: 100 }, (_, index) => store.commit(adding(`/server-${index}`))),
        );
        expect(store.state().revision).toBe(100);
      });
      await withStore(dataDir, (store) => {
        expect(store.state().revision).toBe(100);
        expect(store.state().catalog.servers.size).toBe(100);
        return Promise.resolve();
      });
    }));

  it('that throws passes its fault on and writes nothing', () =>
    withDirectory((dataDir) =>
      withStore(dataDir, async (store) => {
        await store.commit(adding('/weather'));
        const before = await readFile(fileIn(dataDir));
        await expect(store.commit(adding('/weather'))).rejects.toMatchObject({
          code: 'path-taken',
        });
        expect(await readFile(fileIn(dataDir))).toEqual(before);
        expect((await store.commit(adding('/other'))).revision).toBe(2);
      }),
    ));

  it('tells its subscribers the state and the one before, whatever a listener does', () =>
    withDirectory(async (dataDir) => {
      const log = makeRecordingLog();
      await withStore(
        dataDir,
        async (store) => {
          const seen: number[][] = [];
          store.subscribe(() => {
            throw new Error('a listener with a fault');
          });
          const stop = store.subscribe((state, before) =>
            seen.push([state.revision, before.revision]),
          );
          await store.commit(adding('/one'));
          await store.commit(adding('/two'));
          stop();
          await store.commit(adding('/three'));
          expect(seen).toEqual([
            [1, 0],
            [2, 1],
          ]);
        },
        log,
      );
      expect(log.lines.join('\n')).toContain('a listener with a fault');
    }));

  it('gives a state that nobody can change in passing', () =>
    withDirectory((dataDir) =>
      withStore(dataDir, async (store) => {
        const { catalog } = await store.commit(adding('/weather'));
        const [server] = catalog.servers.values();
        expect(() => Object.assign(store.state(), { revision: 9 })).toThrow(TypeError);
        expect(() => Object.assign(catalog, { servers: new Map() })).toThrow(TypeError);
        expect(() => server?.tags.push('x')).toThrow(TypeError);
      }),
    ));

  it('keeps the mode of the file', () =>
    withDirectory(async (dataDir) => {
      await writeFile(fileIn(dataDir), makeDocument());
      await chmod(fileIn(dataDir), 0o640);
      await withStore(dataDir, async (store) => {
        await store.commit(adding('/weather'));
        expect(await modeOf(fileIn(dataDir))).toBe(0o640);
      });
    }));

  it('keeps the ten newest backups, each the file of its revision', () =>
    withDirectory((dataDir) =>
      withStore(dataDir, async (store) => {
        for (let index = 1; index <= 13; index += 1) await store.commit(adding(`/s${index}`));
        const backups = path.join(dataDir, 'backups');
        const names = (await readdir(backups)).filter((name) => name.endsWith('.json')).sort();
        expect(names).toHaveLength(10);
        expect(names[0]).toBe('registry-0000000003.json');
        expect(names[9]).toBe('registry-0000000012.json');
        const newest: unknown = JSON.parse(
          await readFile(path.join(backups, 'registry-0000000012.json'), 'utf8'),
        );
        expect(newest).toMatchObject({ version: 1, revision: 12 });
      }),
    ));

  it('never gives out a revision again after an older backup was restored', () =>
    withDirectory(async (dataDir) => {
      await withStore(dataDir, async (store) => {
        for (let index = 1; index <= 4; index += 1) await store.commit(adding(`/s${index}`));
      });
      const old = path.join(dataDir, 'backups', 'registry-0000000002.json');
      await writeFile(fileIn(dataDir), await readFile(old));
      await withStore(dataDir, async (store) => {
        expect(store.state().revision).toBe(2);
        expect((await store.commit(adding('/new'))).revision).toBe(5);
      });
    }));
});

/** Lets no folder be synced while `use` runs, as a disk with faults does. */
async function withoutFolderSync(folder: string, use: () => Promise<void>): Promise<void> {
  const handle = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const sync = Reflect.get(prototype, 'sync');
  const fault = jest.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    if ((await this.stat()).isDirectory()) throw new Error('EIO: i/o error, fsync');
    await sync.call(this);
  });
  try {
    await use();
  } finally {
    fault.mockRestore();
  }
}

describe('a write that fails', () => {
  async function expectRefused(store: Store, serverPath: string): Promise<void> {
    const before = store.state();
    const fault: unknown = await store.commit(adding(serverPath)).catch((e: unknown) => e);
    expect(fault).toBeInstanceOf(RegistryError);
    expect(fault).toMatchObject({ code: 'store-write-failed' });
    expect(store.state()).toBe(before);
  }

  it('leaves state and file as they were, says why, and the next commit works', () =>
    withDirectory((dataDir) =>
      withStore(dataDir, async (store) => {
        await store.commit(adding('/weather'));
        const before = await readFile(fileIn(dataDir));
        // A file where the folder of backups belongs fails the write half-way, with the bytes written.
        await rm(path.join(dataDir, 'backups'), { recursive: true });
        await writeFile(path.join(dataDir, 'backups'), '');
        await expectRefused(store, '/other');
        await expect(store.commit(adding('/other'))).rejects.toThrow(/EEXIST|ENOTDIR/);
        expect(await readFile(fileIn(dataDir))).toEqual(before);
        expect((await readdir(dataDir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);

        await rm(path.join(dataDir, 'backups'));
        expect((await store.commit(adding('/other'))).revision).toBe(2);
      }),
    ));

  it('when the new file is in place already does not come into force with the next start', () =>
    withDirectory(async (dataDir) => {
      await withStore(dataDir, async (store) => {
        await store.commit(adding('/weather'));
        const before = await readFile(fileIn(dataDir));
        await withoutFolderSync(dataDir, () => expectRefused(store, '/other'));
        expect(await readFile(fileIn(dataDir))).toEqual(before);
        expect((await store.commit(adding('/third'))).revision).toBe(2);
      });
      await withStore(dataDir, (store) => {
        expect([...store.state().catalog.servers.keys()]).toEqual(['/weather', '/third']);
        return Promise.resolve();
      });
    }));

  it('is reported when the file cannot be replaced', () =>
    withDirectory((dataDir) =>
      withStore(dataDir, async (store) => {
        await mkdir(path.join(fileIn(dataDir), 'in the way'), { recursive: true });
        await expectRefused(store, '/weather');
        await rm(fileIn(dataDir), { recursive: true });
        expect((await store.commit(adding('/weather'))).revision).toBe(1);
      }),
    ));

  it('is refused when the data directory has gone', () =>
    withDirectory((dataDir) =>
      withStore(dataDir, async (store) => {
        await store.commit(adding('/weather'));
        await rm(dataDir, { recursive: true });
        await expect(store.commit(adding('/other'))).rejects.toMatchObject({
          code: 'store-read-only',
        });
        expect(store.health()).toMatchObject({ writable: false });
        expect(store.state().revision).toBe(1);
      }),
    ));
});

describe('what a crash left', () => {
  it('is removed at start, and nothing else', () =>
    withDirectory(async (dataDir) => {
      await writeFile(path.join(dataDir, '.registry.json.123.45.tmp'), '{"vers');
      await writeFile(path.join(dataDir, '.other.tmp'), 'not ours');
      await withStore(dataDir, async () => {
        const names = await readdir(dataDir);
        expect(names).not.toContain('.registry.json.123.45.tmp');
        expect(names).toContain('.other.tmp');
      });
    }));
});

describe('a closed store', () => {
  it('takes no more changes and lets the next one in', () =>
    withDirectory(async (dataDir) => {
      const store = await createFileStore({ dataDir, log: makeRecordingLog() });
      await store.close();
      await expect(store.commit(adding('/late'))).rejects.toMatchObject({
        code: 'store-read-only',
      });
      await withStore(dataDir, async (next) => {
        expect((await next.commit(adding('/early'))).revision).toBe(1);
      });
    }));
});
