import { describe, expect, it } from '@jest/globals';
import { suggestPath } from '../../../../public/pages/register/path-suggestion';
import { parseServerPath } from '../../../../registry/catalog/server-path.js';

describe('the path that a name suggests', () => {
  it.each([
    ['Weather', '/weather'],
    ['Weather (EU)', '/weather-eu'],
    ['  Ünïcödé Näme  ', '/unicode-name'],
    ['a/b', '/a-b'],
    ['API', '/api-server'],
    ['__x__', '/x'],
    ['天気', ''],
    ['', ''],
  ])('%j gives %j', (name, path) => {
    expect(suggestPath(name)).toBe(path);
  });

  it('is one that nobody has', () => {
    expect(suggestPath('Time', new Set(['/time', '/time-2']))).toBe('/time-3');
  });

  it('is always one that the API takes', () => {
    for (const name of ['x'.repeat(500), 'health', 'Docs', '-', 'v0.1', 'mcp', '9 lives']) {
      const path = suggestPath(name);
      expect(path === '' || parseServerPath(path).ok).toBe(true);
    }
  });
});
