import { describe, expect, it } from '@jest/globals';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Discovery } from '../../../../registry/catalog/discovery.js';
import { parseServerPath, type ServerPath } from '../../../../registry/catalog/server-path.js';
import { createFileDiscoveryStore } from '../../../../registry/store/file/file-discovery-store.js';
import { makeRecordingLog, withDirectory } from '../../../store/store-records.js';

function pathOf(text: string): ServerPath {
  const parsed = parseServerPath(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

function makeDiscovery(instructions: string): Discovery {
  return {
    of: 'http://weather:8000/',
    endpoint: {
      url: 'http://weather:8000/sse',
      transport: 'sse',
      message: { kind: 'below', path: '/messages/' },
    },
    era: 'legacy',
    protocolVersion: '2025-06-18',
    serverInfo: { name: 'weather', version: '1.0.0' },
    instructions,
    capabilities: ['tools'],
    tools: [
      {
        name: 'forecast',
        inputSchema: { type: 'object', properties: { city: { type: 'string', 'x-own': [1] } } },
        annotations: { readOnlyHint: true, later: { deep: true } },
      },
    ],
    prompts: [{ name: 'ask', arguments: [{ name: 'city', required: true }] }],
    resources: [{ uri: 'file:///a', name: 'a' }],
    toolsFetchedAt: '2026-01-02T03:04:05.000Z',
    warnings: [],
  };
}

const weather = pathOf('/weather');
const nested = pathOf('/team/a-b_c/weather');

describe('what discovery learned', () => {
  it('is there after a restart, whole, for every path', () =>
    withDirectory(async (dataDir) => {
      const store = createFileDiscoveryStore({ dataDir, log: makeRecordingLog() });
      await store.save(weather, makeDiscovery('one'));
      await store.save(nested, makeDiscovery('two'));
      const directory = path.join(dataDir, 'discovery');
      expect((await readdir(directory)).sort()).toEqual([
        '~team~a-b_c~weather.json',
        '~weather.json',
      ]);
      expect((await stat(path.join(directory, '~weather.json'))).mode & 0o777).toBe(0o600);

      const again = createFileDiscoveryStore({ dataDir, log: makeRecordingLog() });
      expect(await again.load()).toEqual(
        new Map([
          [nested, makeDiscovery('two')],
          [weather, makeDiscovery('one')],
        ]),
      );
    }));

  it('is empty in a new data directory', () =>
    withDirectory(async (parent) => {
      const dataDir = path.join(parent, 'new');
      const store = createFileDiscoveryStore({ dataDir, log: makeRecordingLog() });
      await store.remove(weather);
      expect(await store.load()).toEqual(new Map());
    }));

  it('is the latest of many saves at once, and each save waits for its write', () =>
    withDirectory(async (dataDir) => {
      const store = createFileDiscoveryStore({ dataDir, log: makeRecordingLog() });
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => store.save(weather, makeDiscovery(`${index}`))),
      );
      expect((await store.load()).get(weather)?.instructions).toBe('49');

      await Promise.all([store.save(weather, makeDiscovery('x')), store.remove(weather)]);
      expect((await store.load()).size).toBe(0);
      await Promise.all([store.remove(weather), store.save(weather, makeDiscovery('y'))]);
      expect((await store.load()).get(weather)?.instructions).toBe('y');
    }));

  it('is the latest also where a save comes while another one is being written', () =>
    withDirectory(async (dataDir) => {
      const store = createFileDiscoveryStore({ dataDir, log: makeRecordingLog() });
      const directory = path.join(dataDir, 'discovery');
      await mkdir(directory);
      const first = store.save(weather, makeDiscovery('first'));
      while ((await readdir(directory)).length === 0);
      await Promise.all([first, store.save(weather, makeDiscovery('second'))]);
      expect((await store.load()).get(weather)?.instructions).toBe('second');
    }));

  it('leaves out and logs what cannot be read, and removes what a crash left', () =>
    withDirectory(async (dataDir) => {
      const directory = path.join(dataDir, 'discovery');
      const log = makeRecordingLog();
      const store = createFileDiscoveryStore({ dataDir, log });
      await store.save(weather, makeDiscovery('good'));
      await writeFile(path.join(directory, '~cut.json'), '{"of": "http');
      await writeFile(path.join(directory, '~wrong.json'), '{"of": 1}');
      await writeFile(path.join(directory, 'weather.json'), JSON.stringify(makeDiscovery('name')));
      await mkdir(path.join(directory, '~folder.json'));
      await writeFile(path.join(directory, '.~weather.json.12.34.tmp'), '{');

      expect([...(await store.load()).keys()]).toEqual([weather]);
      expect(log.lines).toHaveLength(4);
      for (const name of ['~cut', '~wrong', '/weather', '~folder']) {
        expect(log.lines.join('\n')).toContain(`${name}.json`);
      }
      expect(await readdir(directory)).not.toContain('.~weather.json.12.34.tmp');
    }));

  it('is saved again once a fault of the disk is over', () =>
    withDirectory(async (dataDir) => {
      const store = createFileDiscoveryStore({ dataDir, log: makeRecordingLog() });
      const inTheWay = path.join(dataDir, 'discovery', '~weather.json');
      await mkdir(path.join(inTheWay, 'folder'), { recursive: true });
      await expect(store.save(weather, makeDiscovery('one'))).rejects.toThrow(/EISDIR|ENOTEMPTY/);
      await store.save(nested, makeDiscovery('two'));
      expect([...(await store.load()).keys()]).toEqual([nested]);
    }));
});
