import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clientName, variableName } from '../../../../registry/catalog/clients/client-name.js';
import { shellWord } from '../../../../registry/catalog/clients/shell-word.js';
import { shellWords } from '../../../fixtures/client-guides.js';

const segment = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,40}$/);
const path = fc
  .array(segment, { minLength: 1, maxLength: 3 })
  .map((segments) => `/${segments.join('/')}`);

describe('the name of a server at a host', () => {
  it.each([
    ['/weather', 'weather'],
    ['/team/my_weather', 'team-my-weather'],
    ['/a_/b', 'a-b'],
    ['/7', '7'],
  ])('of %s is %s', (of, expected) => {
    expect(clientName(of)).toBe(expected);
  });

  it('is legal at every host, short, and never empty', () => {
    fc.assert(
      fc.property(path, (of) => {
        expect(clientName(of)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
        expect(clientName(of).length).toBeLessThanOrEqual(32);
        expect(variableName(of, { name: 'x', carries: 'token' })).toMatch(/^MCP_[A-Z0-9_]+_TOKEN$/);
      }),
    );
  });

  it('keeps long paths apart that begin alike', () => {
    const long = `/${'a'.repeat(60)}`;
    expect(clientName(`${long}/b`)).not.toBe(clientName(`${long}/c`));
  });
});

describe('a word of the shell', () => {
  it('is what a real shell gives to the command', () => {
    const texts = [
      "it's",
      '$(id)',
      '`id`',
      'a b',
      '',
      '!x',
      '~root',
      'a=b',
      '-x',
      '{a,b}',
      'https://h/?a=1&b=[2]',
      '\\',
      '"',
      'new\nline',
      '*',
      'é',
    ];
    expect(shellWords('show', `show ${texts.map(shellWord).join(' ')}`)).toEqual(texts);
  });
});
