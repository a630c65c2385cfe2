import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import { followCatalog, type DiscoverySource } from './catalog-follower.js';
import { combineFindings } from './combine-findings.js';
import type { MeaningSearch, MeaningStatus } from './meaning-search.js';
import type { Findings, ToolFinder } from './tool-finder.js';
import { createToolIndex } from './tool-index.js';

/** Of each ranking so many places count. */
const PLACES = 50;

export interface RunningToolFinder extends ToolFinder {
  /** Undefined: tools are searched by words alone. */
  meaning(): MeaningStatus | undefined;
  /** Begins to take up all tools that are known, which takes seconds with very many; a question waits until that is done. */
  start(): Promise<void>;
  /** Stops listening, and what is under way. */
  stop(): Promise<void>;
}

/**
 * Finds tools by their words and, when there is a search by meaning, by that too: what both find comes first. While that
 * one fails, the words answer alone, and the answer says why.
 */
export function createToolFinder(deps: {
  readonly store: Pick<Store, 'state' | 'subscribe'>;
  readonly discoveries: DiscoverySource;
  readonly meaning?: MeaningSearch;
  readonly log: Log;
}): RunningToolFinder {
  const { meaning, log } = deps;
  const index = createToolIndex();
  const sinks = meaning === undefined ? [index] : [index, meaning];
  const follower = followCatalog({ ...deps, sinks });
  return {
    find: async (query) => {
      await follower.refresh();
      if (meaning === undefined) return { mode: 'lexical', tools: index.find(query) };
      const wide = { ...query, limit: Math.max(PLACES, query.limit) };
      const alike = await meaning.find(wide);
      const byWords = index.find(wide);
      const { tools, ...told } = combine(byWords, alike);
      return { ...told, tools: tools.slice(0, query.limit) };
    },
    meaning: () => meaning?.status(),
    start: async () => {
      await meaning?.start();
      follower.refresh().catch((error: unknown) => {
        log.error('the tools that are known were not taken up', { reason: messageOf(error) });
      });
    },
    stop: async () => {
      follower.close();
      await meaning?.stop();
    },
  };
}

function combine(
  byWords: Findings['tools'],
  alike: Awaited<ReturnType<MeaningSearch['find']>>,
): Findings {
  if ('reason' in alike) {
    const modeReason = `Only words were compared; of the embeddings endpoint: ${alike.reason}.`;
    return { mode: 'lexical', modeReason, tools: byWords };
  }
  return {
    mode: 'hybrid',
    ...(alike.isPartial && { modeReason: 'Not all tools have been compared by meaning.' }),
    tools: combineFindings(byWords, alike.tools),
  };
}
