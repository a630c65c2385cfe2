import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGenerationJournal } from '../../../../registry/gateway/apply/generation-journal.js';

function inFolder(use: (file: string) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'journal-'));
  try {
    use(path.join(folder, 'generations.json'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the journal of generations', () => {
  it('survives a restart, and keeps a time that is not told again', () =>
    inFolder((file) => {
      createGenerationJournal(file).write('a', { appliedAt: 'then', revision: 1 });
      createGenerationJournal(file).write('a', { revision: 2 });
      expect(createGenerationJournal(file).read('a')).toEqual({ appliedAt: 'then', revision: 2 });
    }));

  it('keeps what a generation came of, until that is told not to be known', () =>
    inFolder((file) => {
      const origin = { after: 1, upTo: 3, since: 'then' };
      const journal = createGenerationJournal(file);
      journal.write('a', { revision: 3, origin });
      journal.write('a', { revision: 4 });
      expect(createGenerationJournal(file).read('a')).toEqual({ revision: 4, origin });
      journal.write('a', { revision: 5, origin: undefined });
      expect(createGenerationJournal(file).read('a')).toEqual({ revision: 5 });
    }));

  it('forgets generations that are gone', () =>
    inFolder((file) => {
      const journal = createGenerationJournal(file);
      journal.write('a', { revision: 1 });
      journal.write('b', { revision: 2 });
      journal.keepOnly(new Set(['b']));
      expect(createGenerationJournal(file).read('a')).toBeUndefined();
      expect(journal.read('b')).toEqual({ revision: 2 });
    }));

  it('begins anew when its file is damaged', () =>
    inFolder((file) => {
      writeFileSync(file, '{"a":');
      expect(createGenerationJournal(file).read('a')).toBeUndefined();
    }));
});
