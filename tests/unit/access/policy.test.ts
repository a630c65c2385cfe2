import { describe, expect, it } from '@jest/globals';
import {
  accessTo,
  matches,
  mayCall,
  mayUseBeyondTools,
  rulesOf,
  UNRESTRICTED,
} from '../../../registry/access/policy.js';
import { ACCESS_CASES, BEYOND_CASES, PATTERN_CASES } from '../../fixtures/policy-cases.js';

const AT = '2026-01-02T03:04:05.000Z';

describe('a pattern', () => {
  it.each(PATTERN_CASES)('%s against %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });
});

describe('rules', () => {
  it.each(ACCESS_CASES)('$name', ({ rules, server, tool, expected }) => {
    expect(mayCall(accessTo(server, rules), tool)).toBe(expected);
  });

  it.each(BEYOND_CASES)('open what is no tool: $name', ({ rules, expected }) => {
    expect(mayUseBeyondTools(accessTo('/a', rules))).toBe(expected);
  });

  it('are those of the named groups alone', () => {
    const group = { description: '', servers: ['*'], denyTools: [], createdAt: AT, updatedAt: AT };
    const groups = [
      { ...group, name: 'a', tools: ['x'] },
      { ...group, name: 'b', tools: ['y'] },
    ];
    expect(rulesOf(['b', 'gone'], groups)).toEqual([{ servers: ['*'], tools: ['y'], deny: [] }]);
    expect(rulesOf([], groups)).toEqual([]);
  });

  it('of administrators allow everything', () => {
    expect(accessTo('/any/thing', UNRESTRICTED)).toEqual({ kind: 'all' });
  });
});
