import { describe, expect, it } from '@jest/globals';
import type { RepositoryUrl } from '../../../registry/catalog/repository.js';
import type { RepositoryRecord } from '../../../registry/store/store.js';
import { createRepositoryBook } from '../../../registry/upstream/repository-book.js';
import { createRecordingLog } from '../../fakes/recording-log.js';

const NOW = new Date('2026-01-02T03:04:05.000Z');
const REPOSITORY = 'https://github.com/acme/weather' as RepositoryUrl;

describe('what is known of repositories', () => {
  it('is asked for when what was saved has been read, also when the catalog changes meanwhile', async () => {
    const old: RepositoryRecord = { checkedAt: '2026-01-01T00:00:00.000Z', etag: '"saved"' };
    let loaded = (): void => undefined;
    const loading = new Promise<void>((resolve) => (loaded = resolve));
    const asked: (readonly [string, string | undefined])[] = [];
    const book = createRepositoryBook({
      readGitHub: ({ owner, name }, etag) => {
        asked.push([`${owner}/${name}`, etag]);
        return Promise.resolve({ kind: 'same' });
      },
      saved: {
        load: () => loading.then(() => new Map([['acme/weather', old]])),
        save: () => Promise.resolve(),
      },
      clock: () => NOW,
      log: createRecordingLog(),
    });
    const started = book.start(new Map());
    book.watch(new Map([['/weather', { repository: REPOSITORY }]]));
    await book.settled();
    expect(asked).toEqual([]);
    loaded();
    await started;
    await book.settled();
    expect(asked).toEqual([['acme/weather', '"saved"']]);
    await book.stop();
  });

  it('is asked for of every new server, at whatever moment it comes', async () => {
    const asked: string[] = [];
    const book = createRepositoryBook({
      readGitHub: ({ name }) => {
        asked.push(name);
        return Promise.resolve({ kind: 'same' });
      },
      saved: { load: () => Promise.resolve(new Map()), save: () => Promise.resolve() },
      clock: () => NOW,
      log: createRecordingLog(),
    });
    await book.start(new Map());
    const servers = new Map<string, { repository: RepositoryUrl }>();
    const add = (name: string) => {
      servers.set(name, { repository: `https://github.com/acme/${name}` as RepositoryUrl });
      book.watch(servers);
    };
    for (let steps = 0; steps < 30; steps += 1) {
      add(`early-${steps}`);
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      add(`late-${steps}`);
      await book.settled();
      expect(asked).toContain(`late-${steps}`);
    }
    await book.stop();
  });

  it('is asked for as well where it was noted by a clock that was ahead', async () => {
    const ahead: RepositoryRecord = { checkedAt: '2031-01-01T00:00:00.000Z' };
    const asked: string[] = [];
    const book = createRepositoryBook({
      readGitHub: ({ name }) => {
        asked.push(name);
        return Promise.resolve({ kind: 'same' });
      },
      saved: {
        load: () => Promise.resolve(new Map([['acme/weather', ahead]])),
        save: () => Promise.resolve(),
      },
      clock: () => NOW,
      log: createRecordingLog(),
    });
    await book.start(new Map([['/weather', { repository: REPOSITORY }]]));
    await book.settled();
    expect(asked).toEqual(['weather']);
    await book.stop();
  });
});
