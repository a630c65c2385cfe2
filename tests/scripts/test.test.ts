import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/** In the place of npm: tests that pass and fail as they are told, and checks of which one may fail. */
const NPM = `#!/bin/sh
case "$*" in
  "test "*) for last; do :; done; printf '%s' "$RESULTS" >"$last" ;;
  *" $BROKEN") echo 'something is wrong'; exit 1 ;;
esac
`;
const PASSED = '{"numPassedTests":3,"numFailedTests":0,"numRuntimeErrorTestSuites":0}';

describe('scripts/test.sh', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'test-script-'));
    cpSync('scripts', path.join(folder, 'scripts'), { recursive: true });
    writeFileSync(path.join(folder, 'package-lock.json'), '{}');
    for (const made of ['bin', 'node_modules', 'tmp', '.ci']) mkdirSync(path.join(folder, made));
    for (const [name, text] of Object.entries({ npm: NPM, shellcheck: '', promtool: '' })) {
      writeFileSync(path.join(folder, 'bin', name), text || '#!/bin/sh\n', { mode: 0o755 });
    }
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (env: Readonly<Record<string, string>>) => {
    const { status, stdout } = spawnSync(path.join(folder, 'scripts/test.sh'), {
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${path.join(folder, 'bin')}:${process.env.PATH ?? ''}`,
        TMPDIR: path.join(folder, 'tmp'),
        ...env,
      },
    });
    return { status, last: stdout.trimEnd().split('\n').at(-1) };
  };

  it.each([
    ['all is well', { RESULTS: PASSED }, { status: 0, last: '14 passed, 0 failed' }],
    [
      'a test fails',
      { RESULTS: PASSED.replace('FailedTests":0', 'FailedTests":2') },
      { status: 1, last: '14 passed, 2 failed' },
    ],
    [
      'a file of tests cannot be run',
      { RESULTS: PASSED.replace('Suites":0', 'Suites":1') },
      { status: 1, last: '14 passed, 1 failed' },
    ],
    ['no test was there', { RESULTS: '' }, { status: 1, last: '11 passed, 1 failed' }],
    [
      'a check of the sources fails',
      { RESULTS: PASSED, BROKEN: 'lint' },
      { status: 1, last: '13 passed, 1 failed' },
    ],
    [
      'it cannot be built',
      { RESULTS: PASSED, BROKEN: 'build' },
      { status: 1, last: '13 passed, 1 failed' },
    ],
  ])('says so in its last line and by its exit code when %s', (_what, env, expected) => {
    expect(run(env)).toEqual(expected);
    expect(readdirSync(path.join(folder, 'tmp'))).toEqual([]);
  });
});
