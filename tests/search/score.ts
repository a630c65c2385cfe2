import { createHash } from 'node:crypto';
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
  /** `recall5` of the two halves. What is chosen by the one has to hold in the other. */
  readonly halves: readonly [number, number];
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
  const halves = questions.map(({ text }) => halfOf(text));
  const ofHalf = (half: number) => places.filter((_, at) => halves[at] === half);
  const reciprocals = places.reduce((sum, place) => sum + (place > 0 ? 1 / place : 0), 0);
  return {
    recall1: recall(places, 1),
    recall5: recall(places, 5),
    mrr: reciprocals / places.length,
    halves: [recall(ofHalf(0), 5), recall(ofHalf(1), 5)],
    missed: questions.flatMap(({ text, expected }, at) => {
      const place = places[at] ?? 0;
      if (place > 0 && place <= 5) return [];
      const first = answers[at]?.[0];
      const found = first === undefined ? 'nothing' : `${first.path} ${first.tool.name}`;
      return [`${text}: ${expected.join(' or ')} at ${place || 'no place'}, first ${found}`];
    }),
  };
}

/** Share of the places that are within the first ones. */
function recall(places: readonly number[], limit: number): number {
  return places.filter((place) => place > 0 && place <= limit).length / places.length;
}

/** 0 or 1, the same for a question whichever others there are. */
function halfOf(text: string): number {
  return (createHash('sha256').update(text).digest().at(-1) ?? 0) % 2;
}
