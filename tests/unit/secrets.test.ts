import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { secretKey } from '../../registry/secrets.js';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'secrets-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the key of the installation', () => {
  it('is made once, and kept where its owner alone can read it', () => {
    const key = secretKey(dataDir, undefined);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(secretKey(dataDir, undefined)).toBe(key);
    const file = path.join(dataDir, 'secret.key');
    expect(readFileSync(file, 'utf8')).toBe(`${key}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is the configured one, of which nothing is written', () => {
    expect(secretKey(dataDir, 'a key of the operator')).toBe('a key of the operator');
    expect(() => statSync(path.join(dataDir, 'secret.key'))).toThrow('ENOENT');
  });

  it('is never an empty one', () => {
    writeFileSync(path.join(dataDir, 'secret.key'), '\n');
    expect(() => secretKey(dataDir, undefined)).toThrow('secret.key is empty');
  });
});
