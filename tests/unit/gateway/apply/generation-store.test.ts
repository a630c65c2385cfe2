import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createGenerationStore,
  type GenerationStore,
} from '../../../../registry/gateway/apply/generation-store.js';
import {
  makeNginxFolders,
  nginxLayout,
  type NginxLayout,
} from '../../../../registry/gateway/nginx/nginx-layout.js';

let dataDir: string;
let layout: NginxLayout;
let store: GenerationStore;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'generations-'));
  layout = nginxLayout(dataDir);
  makeNginxFolders(layout);
  store = createGenerationStore(layout);
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Writes a generation at a time, in seconds since 1970, and applies it at another one. */
function apply(id: string, writtenAt: number, appliedAt = writtenAt): void {
  store.stage({ id, files: [{ path: 'nginx.conf', text: `# ${id}` }] });
  utimesSync(path.join(layout.generations, id), writtenAt, writtenAt);
  store.swap(id);
  store.note(id, { appliedAt: new Date(appliedAt * 1000).toISOString(), revision: 1 });
}

describe('the generations that are kept', () => {
  it('are the ten that were applied last, also one that was written long before', () => {
    apply('again', 1);
    for (let count = 10; count < 20; count += 1) apply(`g${count}`, count);
    apply('again', 1, 20);
    apply('newest', 21);
    store.cleanUp();
    const ids = store.list().map(({ generation }) => generation);
    expect(ids).toEqual([
      'newest',
      'again',
      'g19',
      'g18',
      'g17',
      'g16',
      'g15',
      'g14',
      'g13',
      'g12',
    ]);
  });
});
