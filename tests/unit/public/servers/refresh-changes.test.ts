import { describe, expect, it } from '@jest/globals';
import { describeChanges } from '../../../../public/pages/servers/refresh-changes';

const NONE = { added: [], removed: [], changed: [] };

describe('what a check found different', () => {
  it('is said when there is nothing', () => {
    expect(describeChanges({ tools: NONE, prompts: NONE, resources: NONE })).toBe(
      'Nothing changed.',
    );
  });

  it('is told with the first names', () => {
    const changes = {
      tools: { ...NONE, added: ['a', 'b', 'c', 'd'], changed: ['e'] },
      prompts: { ...NONE, removed: ['p'] },
      resources: NONE,
    };
    expect(describeChanges(changes)).toBe(
      '4 tools added (a, b, c, …); 1 tool changed (e); 1 prompt removed (p).',
    );
  });
});
