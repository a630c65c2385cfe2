import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tailLog } from '../../../../registry/gateway/nginx/log-tail.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'log-tail-'));
  file = path.join(folder, 'error.log');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the tail of a log', () => {
  it('is what was written since, again and again', () => {
    writeFileSync(file, 'before\n');
    const read = tailLog(file);
    expect(read()).toBe('');
    appendFileSync(file, 'one\n');
    expect(read()).toBe('one\n');
    appendFileSync(file, 'two\n');
    expect(read()).toBe('one\ntwo\n');
  });

  it('is empty without a log, and all of one that comes later', () => {
    const read = tailLog(file);
    expect(read()).toBe('');
    writeFileSync(file, 'first\n');
    expect(read()).toBe('first\n');
  });

  it('is read of a log that would not fit into memory', () => {
    writeFileSync(file, '');
    // Sparse: it takes no room on the disk.
    truncateSync(file, 3 * 1024 ** 3);
    const read = tailLog(file);
    appendFileSync(file, 'the newest line\n');
    expect(read()).toBe('the newest line\n');
  });
});
