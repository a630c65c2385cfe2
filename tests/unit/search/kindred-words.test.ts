import { expect, it } from '@jest/globals';
import { kindredWords } from '../../../registry/search/kindred-words.js';
import { stem } from '../../../registry/search/words.js';

const kinOf = (word: string) => kindredWords(stem(word)).map((kin) => kin.word);

it('knows what is used for a word, both ways, and not the word itself', () => {
  expect(kinOf('erase')).toContain('delete');
  expect(kinOf('deleting')).toContain('erase');
  expect(kinOf('erase')).not.toContain('erase');
});

it('takes those of all groups for a word of several meanings', () => {
  expect(kinOf('stock')).toEqual(expect.arrayContaining(['share', 'inventory']));
});

it.each([
  ['repair', 'fix'],
  ['decline', 'reject'],
  ['newest', 'latest'],
  ['salary', 'payroll'],
  ['thermostat', 'heating'],
])('knows %s for %s', (word, other) => {
  expect(kinOf(word)).toContain(other);
});

it.each(['xylophone', 'constructor', ''])('knows nothing of %j', (word) => {
  expect(kinOf(word)).toEqual([]);
});
