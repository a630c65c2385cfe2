import type { Tool } from '../catalog/discovery.js';
import { bestOf } from './best-of.js';
import { formsByTerm, matchReasons } from './match-reasons.js';
import { queryWords } from './query-words.js';
import { formsOfAll, scoreDocuments } from './search-words.js';
import { addServerShares } from './server-shares.js';
import { createTermIndex } from './term-index.js';
import { isSameDocument, toolDocument, type SearchedServer } from './tool-document.js';
import { entriesOf, type ToolSink } from './tool-entry.js';
import type { FoundTool, ToolQuery } from './tool-finder.js';
import { toolTerms } from './tool-terms.js';

/** So many are ranked again by what else their servers have; of all, it would take as long as the search. */
const POOL = 200;

/**
 * What of a server is in the index. Tools stay as they were put, so that ids, texts and terms can be made again: to keep
 * them would take more memory than the index itself.
 */
interface Indexed {
  readonly server: SearchedServer;
  readonly tools: readonly Tool[];
  /** Under which the index knows the tools. */
  readonly numbers: readonly number[];
}

/** Where a tool is. */
interface Place {
  readonly of: Indexed;
  readonly at: number;
}

/** Tools by their words. Nothing here knows who may see what: `ToolQuery.admits` says it. */
export interface ToolIndex extends ToolSink {
  paths(): readonly string[];
  find(query: ToolQuery): readonly FoundTool[];
}

export function createToolIndex(): ToolIndex {
  const index = createTermIndex();
  const byPath = new Map<string, Indexed>();
  const byNumber: (Place | undefined)[] = [];
  const unused: number[] = [];

  const add = (server: SearchedServer, tool: Tool): number => {
    const number = unused.pop() ?? byNumber.push(undefined) - 1;
    index.add(number, toolTerms(toolDocument(tool, server)));
    return number;
  };
  const drop = ({ of: { server, tools, numbers }, at }: Place) => {
    const [tool, number] = [tools[at], numbers[at]];
    if (tool === undefined || number === undefined) return;
    index.remove(number, toolTerms(toolDocument(tool, server)));
    byNumber[number] = undefined;
    unused.push(number);
  };

  return {
    put: (server, tools) => {
      const before = placesById(byPath.get(server.path));
      const numbers = entriesOf(server, tools).map(({ id, tool }) => {
        const known = before.get(id);
        if (known === undefined || !isSame(known, server, tool)) return undefined;
        before.delete(id);
        return known.of.numbers[known.at];
      });
      for (const place of before.values()) drop(place);
      const after = {
        server,
        tools,
        numbers: tools.map((tool, at) => numbers[at] ?? add(server, tool)),
      };
      for (const [at, number] of after.numbers.entries()) byNumber[number] = { of: after, at };
      byPath.set(server.path, after);
    },
    remove: (path) => {
      for (const place of placesById(byPath.get(path)).values()) drop(place);
      byPath.delete(path);
    },
    paths: () => [...byPath.keys()],
    find: ({ text, limit, admits }) => {
      const admitsNumber = (number: number) => {
        const place = byNumber[number];
        const tool = place?.of.tools[place.at];
        return tool !== undefined && admits(place?.of.server.path ?? '', tool.name);
      };
      const forms = formsOfAll(index, queryWords(text), admitsNumber);
      const count = byNumber.length - unused.length;
      const scores = scoreDocuments(forms, { size: byNumber.length, count });
      const byTerm = formsByTerm(forms.flat());
      const scoreOf = (number: number) => scores[number] ?? 0;
      const pool = bestOf(scores.keys(), Math.max(POOL, limit), scoreOf, admitsNumber);
      const best = addServerShares(pool, (number) => byNumber[number]?.of.server.path);
      return best.slice(0, limit).flatMap(({ item, score }) => {
        const place = byNumber[item];
        const entry = place && entriesOf(place.of.server, place.of.tools)[place.at];
        if (place === undefined || entry === undefined) return [];
        const terms = toolTerms(toolDocument(entry.tool, place.of.server));
        return [{ ...entry, score, reasons: matchReasons(terms, byTerm) }];
      });
    },
  };
}

function placesById(of: Indexed | undefined): Map<string, Place> {
  if (of === undefined) return new Map();
  return new Map(entriesOf(of.server, of.tools).map(({ id }, at) => [id, { of, at }]));
}

function isSame({ of, at }: Place, server: SearchedServer, tool: Tool): boolean {
  const known = of.tools[at];
  if (known === undefined) return false;
  return isSameDocument(toolDocument(known, of.server), toolDocument(tool, server));
}
