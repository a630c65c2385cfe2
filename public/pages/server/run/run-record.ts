import { isObject } from '../tools/json-schema.js';

/** One run of a tool, and what became of it. */
export interface RunRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly durationMs: number;
  readonly outcome: RunOutcome;
}

export type RunOutcome =
  | { readonly kind: 'result'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: 'problem'; readonly title: string; readonly detail: string }
  | { readonly kind: 'cancelled' }
  /** It was too large to be kept after the page was left. */
  | { readonly kind: 'forgotten' };

export const MOST_RUNS = 20;
const KEPT_CHARACTERS = 60_000;

/** What is written down so that runs outlive a reload: large results are not. */
export function runsToText(runs: readonly RunRecord[]): string {
  return JSON.stringify(
    runs.slice(0, MOST_RUNS).map((run) => {
      const isLarge = JSON.stringify(run.outcome).length > KEPT_CHARACTERS;
      const hasLargeInput = JSON.stringify(run.arguments).length > KEPT_CHARACTERS;
      return {
        ...run,
        ...(isLarge && { outcome: { kind: 'forgotten' } }),
        ...(hasLargeInput && { arguments: {} }),
      };
    }),
  );
}

/** Reads them back; anything else than what was written down is nothing. */
export function runsFromText(text: string | null): readonly RunRecord[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isRun) : [];
  } catch {
    return [];
  }
}

function isRun(value: unknown): value is RunRecord {
  return (
    isObject(value) &&
    typeof value.id === 'string' &&
    typeof value.at === 'string' &&
    typeof value.durationMs === 'number' &&
    isObject(value.arguments) &&
    isObject(value.outcome) &&
    typeof value.outcome.kind === 'string'
  );
}
