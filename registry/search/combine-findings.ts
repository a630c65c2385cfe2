import type { FoundTool } from './tool-finder.js';

/**
 * Makes one ranking of what was found by words and by meaning. Scores of words compare only with each other, so that the
 * best of them counts 1: as much as standing out by one more standard deviation in meaning, whose scores are in such.
 * @returns best first, with the reasons of both
 */
export function combineFindings(
  byWords: readonly FoundTool[],
  byMeaning: readonly FoundTool[],
): FoundTool[] {
  const best = Math.max(...byWords.map(({ score }) => score));
  const combined = new Map(byMeaning.map((found) => [found.id, found]));
  for (const found of byWords) {
    const alike = combined.get(found.id);
    combined.set(found.id, {
      ...found,
      score: found.score / best + (alike?.score ?? 0),
      reasons: [...found.reasons, ...(alike?.reasons ?? [])],
    });
  }
  return [...combined.values()].sort((one, other) => other.score - one.score);
}
