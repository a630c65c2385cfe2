import type { Principal } from '../../access/principal.js';
import { restoreServers } from '../../catalog/restore-servers.js';
import { RegistryError } from '../../errors.js';
import type { Gateway, KeptGeneration } from '../../gateway/gateway.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import { OUTCOME_WAIT_MS } from '../servers/server-changes.js';
import type { GatewayConfigView, GenerationList, Restoration } from './system-view.js';

/** Earlier configurations of nginx, and the way back to the servers that they were made from. */
export interface GenerationOperations {
  /** Newest first. */
  list(): Promise<GenerationList>;
  /** Its files. @throws RegistryError `generation-not-found` */
  get(generation: string): GatewayConfigView;
  /**
   * Makes the servers what they were when this configuration was made, as one change of the catalog. Users, groups and
   * tokens stay as they are.
   * @throws RegistryError `forbidden` for who does not see every server, `generation-not-found`,
   *   `generation-not-restorable`
   */
  restore(generation: string, by: Principal): Promise<Restoration>;
}

export function createGenerationOperations(deps: {
  readonly store: Pick<Store, 'state' | 'commit' | 'catalogs'>;
  readonly gateway: Pick<Gateway, 'generations' | 'generationFiles' | 'outcome'>;
  readonly clock: () => Date;
  readonly log: Log;
}): GenerationOperations {
  const { store, gateway, clock, log } = deps;

  const whyNot = (
    { revision }: Pick<KeptGeneration, 'revision'>,
    kept: ReadonlySet<number>,
  ): string | undefined => {
    if (revision === undefined) return 'It is not known from which catalog it was made.';
    if (revision === store.catalogs.revision()) return 'The servers are what they were then.';
    return kept.has(revision)
      ? undefined
      : `The catalog of revision ${revision} is not kept any more.`;
  };
  const find = (generation: string): KeptGeneration => {
    const found = gateway.generations().find((each) => each.generation === generation);
    if (found === undefined) throw noGeneration(generation);
    return found;
  };
  const catalogOf = async (generation: KeptGeneration) => {
    const { revision } = generation;
    const reason = whyNot(generation, await store.catalogs.kept());
    if (reason !== undefined || revision === undefined) throw notRestorable(reason ?? '');
    const catalog = await store.catalogs.read(revision);
    if (catalog !== undefined) return catalog;
    throw notRestorable(`The catalog of revision ${revision} cannot be read.`);
  };

  return {
    list: async () => {
      const kept = await store.catalogs.kept();
      const generations = gateway.generations().map((each) => {
        const reason = whyNot(each, kept);
        return {
          ...each,
          restorable: reason === undefined,
          ...(reason !== undefined && { notRestorableReason: reason }),
        };
      });
      return { generations };
    },
    get: (generation) => {
      const files = gateway.generationFiles(generation);
      if (files === undefined) throw noGeneration(generation);
      return { generation, files: files.map(({ path, text }) => ({ path, text })) };
    },
    restore: async (generation, by) => {
      requireSight(by);
      const then = await catalogOf(find(generation));
      let restored: readonly string[] = [];
      await store.commit(({ catalog }, revision) => {
        const result = restoreServers(catalog, then, { at: clock().toISOString(), revision });
        restored = result.paths;
        return { catalog: result.catalog };
      });
      log.info('Servers restored.', { generation, by: by.username, paths: restored });
      return { restored: [...restored], gateway: await gateway.outcome(OUTCOME_WAIT_MS) };
    },
  };
}

/** It touches servers that one could not touch one by one. */
function requireSight({ visibility }: Principal): void {
  if (visibility.all && visibility.server === undefined) return;
  throw new RegistryError(
    'forbidden',
    'This concerns all servers, and you do not see all of them.',
  );
}

function noGeneration(generation: string): RegistryError {
  const shown = JSON.stringify(generation.slice(0, 100));
  return new RegistryError(
    'generation-not-found',
    `There is no generation ${shown}; GET /api/gateway/generations lists those that are kept.`,
  );
}

function notRestorable(reason: string): RegistryError {
  return new RegistryError('generation-not-restorable', reason);
}
