import { expect, it } from '@jest/globals';
import { combineFindings } from '../../../registry/search/combine-findings.js';
import type { FoundTool } from '../../../registry/search/tool-finder.js';

const found = (name: string, score: number, reason: string): FoundTool => ({
  id: name,
  path: '/a',
  tool: { name, inputSchema: { type: 'object' } },
  score,
  reasons: [reason],
});
const names = (ranking: readonly FoundTool[]) => ranking.map(({ id }) => id);

it('puts first what both found, with the reasons of both', () => {
  const words = [found('only-words', 900, 'w'), found('both', 800, 'w')];
  const meaning = [found('only-meaning', 3, 'm'), found('both', 2.5, 'm')];
  const combined = combineFindings(words, meaning);
  expect(names(combined)).toEqual(['both', 'only-meaning', 'only-words']);
  expect(combined[0]?.reasons).toEqual(['w', 'm']);
});

it('lets words decide between what is much alike in meaning, and not against what stands out', () => {
  const words = [found('named', 5, 'w')];
  expect(names(combineFindings(words, [found('a', 3, 'm'), found('named', 2.5, 'm')]))).toEqual([
    'named',
    'a',
  ]);
  expect(names(combineFindings(words, [found('a', 5, 'm'), found('named', 2.5, 'm')]))).toEqual([
    'a',
    'named',
  ]);
});

it('keeps the order of the one ranking that is not empty', () => {
  const words = [found('a', 3, 'w'), found('b', 2, 'w'), found('c', 1, 'w')];
  expect(names(combineFindings(words, []))).toEqual(['a', 'b', 'c']);
  expect(names(combineFindings([], words))).toEqual(['a', 'b', 'c']);
  expect(combineFindings([], [])).toEqual([]);
});
