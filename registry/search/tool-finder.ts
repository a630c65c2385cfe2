import type { ToolEntry } from './tool-entry.js';

export interface ToolQuery {
  readonly text: string;
  readonly limit: number;
  /** Whether the asker may see the tool. Asked before the limit, so that nobody can tell what was left out. */
  readonly admits: (path: string, tool: string) => boolean;
}

export interface FoundTool extends ToolEntry {
  /** Greater is better; comparable within one answer only. */
  readonly score: number;
  /** Which words matched in which field and what is alike in meaning, for people. */
  readonly reasons: readonly string[];
}

type SearchMode = 'lexical' | 'hybrid';

export interface Findings {
  /** `lexical`: by words; `hybrid`: by words and by meaning. */
  readonly mode: SearchMode;
  /** For people: why less was searched than is set up. */
  readonly modeReason?: string;
  /** Best first. */
  readonly tools: readonly FoundTool[];
}

/** Finds tools for what somebody wants to do. How it does, is its own matter. */
export interface ToolFinder {
  find(query: ToolQuery): Promise<Findings>;
}
