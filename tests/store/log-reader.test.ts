import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogFiles } from '../../registry/usage/log-files.js';
import { LogReader } from '../../registry/usage/log-reader.js';

const TROUBLE = { endless: () => undefined, replaced: () => undefined };
const LINE = 'x'.repeat(319);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a reader of logs', () => {
  it('rests between pieces, so that a long log does not keep calls from the processor', async () => {
    const current = path.join(folder, 'access.log');
    writeFileSync(current, `${LINE}\n`.repeat(1000));
    const [file] = await createLogFiles(current).list();
    if (file === undefined) throw new Error('the log is not listed');
    let taken = 0;
    const read: number[] = [];
    const rest = () => {
      read.push(taken);
      return Promise.resolve();
    };
    const reader = new LogReader([], TROUBLE);
    expect(await reader.read(file, Infinity, () => (taken += 1), rest)).toBe(320_000);
    expect(taken).toBe(1000);
    const pieces = read.map((sum, at) => sum - (read[at - 1] ?? 0));
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(205);
  });
});
