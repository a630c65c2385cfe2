import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

describe('load_env', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'load-env-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The environment of a program that is run after the file was read. */
  function loaded(text: string, env: Record<string, string> = {}): Record<string, string> {
    const file = path.join(folder, '.env');
    writeFileSync(file, text);
    const script = '. ./scripts/load-env.sh; load_env "$1"; env -0';
    const out = execFileSync('sh', ['-euc', script, 'sh', file], {
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
    });
    return Object.fromEntries(
      out.split('\0').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
    );
  }

  it('exports KEY=VALUE lines and takes one pair of quotes away', () => {
    const text = '# comment\n\nA=1\nB="two words"\nC=\'x=y\'\r\nD=\nE=last';
    expect(loaded(text)).toMatchObject({ A: '1', B: 'two words', C: 'x=y', D: '', E: 'last' });
  });

  it('does not override what is set, not even to nothing', () => {
    const env = loaded('A=file\nB=file\nC=file\n', { A: 'environment', B: '' });
    expect(env).toMatchObject({ A: 'environment', B: '', C: 'file' });
  });

  it('never runs what a line says', () => {
    const text = 'A=$(touch pwned)`touch pwned`\nB;touch pwned=1\n$(touch pwned)=2\n1C=3\n';
    const env = loaded(text);
    expect(env.A).toBe('$(touch pwned)`touch pwned`');
    expect(Object.keys(env)).not.toContain('1C');
  });
});
