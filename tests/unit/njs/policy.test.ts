import { describe, expect, it } from '@jest/globals';
import policy from '../../../nginx/njs/policy.js';
import { ACCESS_CASES, BEYOND_CASES, PATTERN_CASES } from '../../fixtures/policy-cases.js';

describe('the gate decides as the registry does', () => {
  it.each(PATTERN_CASES)('%s against %s: %s', (pattern, text, expected) => {
    expect(policy.matches(pattern, text)).toBe(expected);
  });

  it.each(ACCESS_CASES)('$name', ({ rules, server, tool, expected }) => {
    expect(policy.mayCall(policy.accessTo(server, rules), tool)).toBe(expected);
  });

  it.each(BEYOND_CASES)('what is no tool: $name', ({ rules, expected }) => {
    expect(policy.mayUseBeyondTools(policy.accessTo('/a', rules))).toBe(expected);
  });
});
