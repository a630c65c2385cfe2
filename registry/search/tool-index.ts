import { bestOf } from './best-of.js';
import { formsByTerm, matchReasons } from './match-reasons.js';
import { queryWords } from './query-words.js';
import { formsOfAll, scoreDocuments } from './search-words.js';
import { addServerShares } from './server-shares.js';
import { createTermIndex } from './term-index.js';
import { isSameDocument, toolDocument, type ToolDocument } from './tool-document.js';
import { entriesOf, type ToolEntry, type ToolSink } from './tool-entry.js';
import type { FoundTool, ToolQuery } from './tool-finder.js';
import { toolTerms, type Fields } from './tool-terms.js';

/** So many are ranked again by what else their servers have; of all, it would take as long as the search. */
const POOL = 200;

interface Entry extends ToolEntry {
  readonly document: ToolDocument;
  readonly terms: ReadonlyMap<string, Fields>;
  /** Under which the index knows it. */
  readonly number: number;
}

/** Tools by their words. Nothing here knows who may see what: `ToolQuery.admits` says it. */
export interface ToolIndex extends ToolSink {
  paths(): readonly string[];
  find(query: ToolQuery): readonly FoundTool[];
}

export function createToolIndex(): ToolIndex {
  const index = createTermIndex();
  const entries = new Map<string, Entry>();
  const byNumber: (Entry | undefined)[] = [];
  const unused: number[] = [];
  const idsByPath = new Map<string, readonly string[]>();

  const keep = (entry: Entry) => {
    entries.set(entry.id, entry);
    byNumber[entry.number] = entry;
  };
  const drop = (id: string) => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    index.remove(entry.number, entry.terms);
    entries.delete(id);
    byNumber[entry.number] = undefined;
    unused.push(entry.number);
  };
  const place = (fresh: ToolEntry, document: ToolDocument) => {
    const before = entries.get(fresh.id);
    if (before !== undefined && isSameDocument(before.document, document)) {
      keep({ ...before, ...fresh });
      return;
    }
    drop(fresh.id);
    const terms = toolTerms(document);
    const number = unused.pop() ?? byNumber.length;
    index.add(number, terms);
    keep({ ...fresh, document, terms, number });
  };

  return {
    put: (server, tools) => {
      const fresh = entriesOf(server, tools);
      const kept = new Set(fresh.map(({ id }) => id));
      for (const id of idsByPath.get(server.path) ?? []) if (!kept.has(id)) drop(id);
      for (const entry of fresh) place(entry, toolDocument(entry.tool, server));
      idsByPath.set(server.path, [...kept]);
    },
    remove: (path) => {
      for (const id of idsByPath.get(path) ?? []) drop(id);
      idsByPath.delete(path);
    },
    paths: () => [...idsByPath.keys()],
    find: ({ text, limit, admits }) => {
      const admitsNumber = (number: number) => {
        const entry = byNumber[number];
        return entry !== undefined && admits(entry.path, entry.tool.name);
      };
      const forms = formsOfAll(index, queryWords(text), admitsNumber);
      const scores = scoreDocuments(forms, { size: byNumber.length, count: entries.size });
      const byTerm = formsByTerm(forms.flat());
      const scoreOf = (number: number) => scores[number] ?? 0;
      const pool = bestOf(scores.keys(), Math.max(POOL, limit), scoreOf, admitsNumber);
      const best = addServerShares(pool, (number) => byNumber[number]?.path);
      return best.slice(0, limit).flatMap(({ item, score }) => {
        const entry = byNumber[item];
        if (entry === undefined) return [];
        const { id, path, tool, terms } = entry;
        return [{ id, path, tool, score, reasons: matchReasons(terms, byTerm) }];
      });
    },
  };
}
