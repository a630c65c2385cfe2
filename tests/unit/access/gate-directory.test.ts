import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGateDirectory } from '../../../registry/access/gate-directory.js';

const SHA = 'a'.repeat(64);
const modeOf = async (file: string) => (await stat(file)).mode & 0o7777;

describe('the gate directory', () => {
  let folder: string;
  let place: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'gate-'));
    place = path.join(folder, 'gate');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('holds files that nobody else can read', async () => {
    const directory = createGateDirectory({ path: place });
    await directory.begin();
    await directory.write(SHA, '{"a":1}');
    expect(await readFile(path.join(place, SHA), 'utf8')).toBe('{"a":1}');
    expect([await modeOf(place), await modeOf(path.join(place, SHA))]).toEqual([0o700, 0o600]);
    await directory.remove(SHA);
    await directory.remove(SHA);
    expect(await readdir(place)).toEqual([]);
  });

  it('lets the group of the workers read, whatever the umask, but not list', async () => {
    const group = process.getgid?.() ?? 0;
    const directory = createGateDirectory({ path: place, group });
    const umask = process.umask(0o077);
    try {
      await directory.begin();
      await directory.write(SHA, '{}');
    } finally {
      process.umask(umask);
    }
    expect(await modeOf(place)).toBe(0o2710);
    expect(await modeOf(path.join(place, SHA))).toBe(0o640);
    expect((await stat(path.join(place, SHA))).gid).toBe(group);
  });

  it('takes the mark away when it begins, says what it said, and clears what a crash left', async () => {
    const directory = createGateDirectory({ path: place });
    expect(await directory.begin()).toBeUndefined();
    expect(await directory.isReady()).toBe(false);
    await directory.setReady('words');
    expect(await directory.isReady()).toBe(true);
    await writeFile(path.join(place, `.${SHA}.7.tmp`), 'cut');
    expect(await createGateDirectory({ path: place }).begin()).toBe('words');
    expect(await readdir(place)).toEqual([]);
  });

  it('reads its records and nothing else', async () => {
    const directory = createGateDirectory({ path: place });
    await directory.begin();
    await directory.write(SHA, 'x');
    await directory.setReady('');
    await writeFile(path.join(place, 'notes'), 'mine');
    expect([...(await directory.read())]).toEqual([[SHA, 'x']]);
  });

  it.each([
    ['a link', () => symlink(folder, place)],
    ['a file', () => writeFile(place, '')],
  ])('refuses %s in its place, and says what to do', async (_what, put) => {
    await put();
    const claim = createGateDirectory({ path: place }).claim();
    await expect(claim).rejects.toThrow(/cannot be kept in .*gate: .* Set GATE_DIR/);
  });

  it('refuses a folder that serves something else, and leaves its mode alone', async () => {
    await mkdir(place, { mode: 0o755 });
    await writeFile(path.join(place, 'passwd'), '');
    const claim = createGateDirectory({ path: place }).claim();
    await expect(claim).rejects.toThrow('it holds other things as well, such as passwd');
    expect(await modeOf(place)).toBe(0o755);
  });
});
