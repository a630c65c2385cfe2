import { describe, expect, it } from '@jest/globals';
import { EMPTY_TOKEN, tokenInput, tokenMeaning } from '../../../../public/pages/access/token-form';

describe('tokenInput', () => {
  it('asks for what was chosen and names nothing that was not', () => {
    expect(tokenInput({ ...EMPTY_TOKEN, name: ' report ', expires: '' })).toEqual({
      name: 'report',
      scopes: [],
    });
    const all = tokenInput({
      name: 'report',
      groups: ['agents'],
      server: '/time',
      scope: 'write',
      expires: '30',
    });
    expect(all).toEqual({
      name: 'report',
      groups: ['agents'],
      server: '/time',
      scopes: ['write'],
      expiresInDays: 30,
    });
  });
});

describe('tokenMeaning', () => {
  it.each([
    [{}, 'It may use public servers only, and do nothing at the API of the registry.'],
    [
      { groups: ['agents'] },
      'It may use what the group agents gives, and do nothing at the API of the registry.',
    ],
    [
      { groups: ['a', 'b', 'c'], server: '/time', scope: 'read' as const },
      'It may use what the groups a, b and c give on /time alone, and read at the API of the registry what you may read.',
    ],
    [
      { server: '/time' },
      'It may use /time alone, as far as you may, and do nothing at the API of the registry.',
    ],
    [
      { scope: 'admin' as const },
      'It may use every server, and do everything at the API of the registry that you may.',
    ],
  ])('%j', (chosen, sentence) => {
    expect(tokenMeaning({ ...EMPTY_TOKEN, ...chosen })).toBe(sentence);
  });
});
