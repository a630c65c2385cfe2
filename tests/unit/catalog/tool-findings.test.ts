import { describe, expect, it } from '@jest/globals';
import type { Tool } from '../../../registry/catalog/discovery.js';
import { estimateTokens, findToolWarnings } from '../../../registry/catalog/tool-findings.js';

const rain: Tool = { name: 'rain', description: 'Tells of rain', inputSchema: { type: 'object' } };
const codesOf = (tool: Tool) => findToolWarnings(tool).map(({ code }) => code);

describe('the estimate of tokens', () => {
  it('counts name, description and input schema at four characters a token, rounded up', () => {
    expect(estimateTokens(rain)).toBe(Math.ceil((4 + 13 + '{"type":"object"}'.length) / 4));
    expect(estimateTokens({ name: 'a', inputSchema: {} })).toBe(1);
    const more = { ...rain, outputSchema: { type: 'object' }, _meta: { a: 'b' }, title: 'Rain' };
    expect(estimateTokens(more)).toBe(estimateTokens(rain));
  });
});

describe('the warnings of a tool', () => {
  it.each<[string, Partial<Tool>, string[]]>([
    ['nothing of a plain tool', {}, []],
    ['nothing of a name of 64 characters', { name: 'n'.repeat(64) }, []],
    ['a name of 65 characters', { name: 'n'.repeat(65) }, ['name-too-long']],
    ['a name with a dot', { name: 'rain.now' }, ['name-characters']],
    ['nothing of 2000 characters of description', { description: 'd'.repeat(2000) }, []],
    ['2001 characters of description', { description: 'd'.repeat(2001) }, ['long-description']],
    ['a zero-width space in the title', { title: 'Ra\u200bin' }, ['hidden-characters']],
    ['a large schema', { inputSchema: { a: 'x'.repeat(8000) } }, ['large-schema']],
    ['nothing of line breaks and tabs', { description: 'a\r\n\tb' }, []],
    ['nothing of other scripts', { description: 'Wettervorhersage für 東京, مرحبا' }, []],
    ['nothing of emoji of several parts', { description: '👨‍👩‍👧 ❤️ 🧑🏽‍💻' }, []],
    [
      'everything at once',
      {
        name: `${'n'.repeat(65)} `,
        description: `\u202e${'d'.repeat(2000)}`,
        inputSchema: { a: 'x'.repeat(8000) },
      },
      ['name-too-long', 'name-characters', 'long-description', 'hidden-characters', 'large-schema'],
    ],
  ])('tell of %s', (_, part, codes) => {
    expect(codesOf({ ...rain, ...part })).toEqual(codes);
  });

  it('name the hidden characters and where they stand, each once', () => {
    const [warning] = findToolWarnings({
      ...rain,
      description: '\u202eab\u202e\u{e0041}',
      inputSchema: { properties: { city: { description: 'a\u0007b\u2066' } } },
    });
    expect(warning?.message).toContain('description (U+202E, U+E0041)');
    expect(warning?.message).toContain('input schema (U+0007, U+2066)');
  });

  it('do not print a list without end', () => {
    const tags = Array.from({ length: 90 }, (_, index) => String.fromCodePoint(0xe0020 + index));
    const [warning] = findToolWarnings({ ...rain, description: tags.join('') });
    expect(warning?.message).toContain('and 80 more');
    expect(warning?.message.length).toBeLessThan(400);
  });
});
