import type { FoundTool } from '../../registry/search/tool-finder.js';
import type { Question } from './tool-set.js';

/** How well a finder answered. */
export interface Score {
  /** Share of questions whose first tool was right. */
  readonly recall1: number;
  /** Share of questions that had a right tool among the first five. */
  readonly recall5: number;
  /** Mean of 1 / place of the first right tool; 0 where there was none among the first fifty. */
  readonly mrr: number;
  /** Questions without a right tool among the first five, with what was found first. */
  readonly missed: readonly string[];
}

export const PLACES = 50;

/** @param answers in the order of the questions */
export function scoreAnswers(
  questions: readonly Question[],
  answers: readonly (readonly FoundTool[])[],
): Score {
  const places = questions.map(({ expected }, at) => {
    const names = (answers[at] ?? []).map(({ path, tool }) => `${path} ${tool.name}`);
    return names.findIndex((name) => expected.includes(name)) + 1;
  });
  const share = (count: number) => count / questions.length;
  const within = (limit: number) =>
    share(places.filter((place) => place > 0 && place <= limit).length);
  return {
    recall1: within(1),
    recall5: within(5),
    mrr: share(places.reduce((sum, place) => sum + (place > 0 ? 1 / place : 0), 0)),
    missed: questions.flatMap(({ text, expected }, at) => {
      const place = places[at] ?? 0;
      if (place > 0 && place <= 5) return [];
      const first = answers[at]?.[0];
      const found = first === undefined ? 'nothing' : `${first.path} ${first.tool.name}`;
      return [`${text}: ${expected.join(' or ')} at ${place || 'no place'}, first ${found}`];
    }),
  };
}
