import { describe, expect, it } from '@jest/globals';
import { compare, judge } from './compare.js';
import { parseSummary } from './suite.js';

const summary = (...lines: string[]) => parseSummary(`=== SUMMARY ===\n${lines.join('\n')}\n`);
const faults = (verdicts: ReturnType<typeof compare>) =>
  verdicts.flatMap(({ scenario, reason }) => (reason ? [`${scenario}: ${reason}`] : []));

describe('parseSummary', () => {
  it('reads the counts, and which scenarios do not count', () => {
    const result = summary(
      '✓ ping: 2 passed, 0 failed',
      '✗ tasks-lifecycle: 1 passed, 8 failed',
      'Total: 3 passed, 8 failed',
      'Not scored for 2026-07-28: 1 scenario(s) run, 1 failing. These do not affect conformance.',
      '  ✗ tasks-lifecycle (extension)',
    );
    expect(Object.fromEntries(result)).toEqual({
      ping: { passed: 2, failed: 0, scored: true },
      'tasks-lifecycle': { passed: 1, failed: 8, scored: false },
    });
  });

  it('finds nothing where there is no summary', () => {
    expect(parseSummary('npm error 404').size).toBe(0);
  });
});

describe('compare', () => {
  const direct = summary('✓ ping: 2 passed, 0 failed', '✗ tools-list: 2 passed, 1 failed');

  it('accepts equal runs of a server that has its own faults', () => {
    expect(faults(compare(direct, direct, false))).toEqual([]);
  });

  it('accepts a scenario that is better through the gateway, except where it must be equal', () => {
    const better = summary('✓ ping: 2 passed, 0 failed', '✓ tools-list: 3 passed, 0 failed');
    expect(faults(compare(direct, better, false))).toEqual([]);
    const right = summary('✓ ping: 2 passed, 0 failed');
    const more = summary('✓ ping: 3 passed, 0 failed');
    expect(faults(compare(right, more, true))).toEqual(['ping: different']);
  });

  it('finds a scenario that is worse, and one that is missing', () => {
    const worse = summary('✗ ping: 1 passed, 1 failed');
    expect(faults(compare(direct, worse, false))).toEqual([
      'ping: worse',
      'tools-list: ran in one of the two ways only',
    ]);
  });
});

describe('judge', () => {
  it('holds a server that is known to be right to every scored scenario', () => {
    const run = summary(
      '✗ ping: 1 passed, 1 failed',
      '✗ x: 0 passed, 1 failed',
      '  ✗ x (extension)',
    );
    expect(faults(judge(run, true))).toEqual(['ping: fails without the gateway']);
    expect(faults(judge(run, false))).toEqual([]);
  });
});
