import type { Principal } from '../../access/principal.js';
import type { AuditLog } from '../../audit/audit-log.js';
import { restoreServers } from '../../catalog/restore-servers.js';
import { RegistryError } from '../../errors.js';
import type { Gateway, KeptGeneration } from '../../gateway/gateway.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import { OUTCOME_WAIT_MS } from '../servers/server-changes.js';
import { createChangesOfGenerations } from './generation-changes.js';
import type {
  GatewayConfigView,
  GenerationChange,
  GenerationList,
  Restoration,
  RestorationPreview,
} from './system-view.js';

/** Earlier configurations of nginx, and the way back to the servers that they were made from. */
export interface GenerationOperations {
  /** Newest first; who made them is told to those who may read the audit log. */
  list(by: Principal): Promise<GenerationList>;
  /** Its files. @throws RegistryError `generation-not-found` */
  get(generation: string): GatewayConfigView;
  /** Which servers `restore` would concern at present, with the same errors. */
  previewRestore(generation: string, by: Principal): Promise<RestorationPreview>;
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
  readonly auditLog: Pick<AuditLog, 'query'>;
  readonly clock: () => Date;
  readonly log: Log;
}): GenerationOperations {
  const { store, gateway, clock, log } = deps;
  const changes = createChangesOfGenerations(deps);

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
    list: async (by) => {
      const kept = await store.catalogs.kept();
      const listed = gateway.generations();
      const found = seesAll(by) ? await changes(listed) : new Map<string, never>();
      const generations = listed.map((generation) => {
        const { origin, ...each } = generation;
        const reason = whyNot(each, kept);
        const change = found.get(each.generation);
        return {
          ...each,
          ...(change && {
            change: by.permissions.has('audit:read') ? change : withoutActor(change),
          }),
          ...(origin && origin.upTo === origin.after && { sameServers: true as const }),
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
    previewRestore: async (generation, by) => {
      requireSight(by);
      const then = await catalogOf(find(generation));
      const { catalog, revision } = store.state();
      const stamp = { at: clock().toISOString(), revision };
      const { changed, removed, broughtBack } = restoreServers(catalog, then, stamp);
      return { changed, removed, broughtBack };
    },
    restore: async (generation, by) => {
      requireSight(by);
      const then = await catalogOf(find(generation));
      let restored: readonly string[] = [];
      await store.commit(({ catalog }, revision) => {
        const result = restoreServers(catalog, then, { at: clock().toISOString(), revision });
        restored = [...result.changed, ...result.removed, ...result.broughtBack].sort();
        return { catalog: result.catalog };
      });
      log.info('Servers restored.', { generation, by: by.username, paths: restored });
      return { restored: [...restored], gateway: await gateway.outcome(OUTCOME_WAIT_MS) };
    },
  };
}

/** It touches servers that one could not touch one by one. */
function requireSight(by: Principal): void {
  if (seesAll(by)) return;
  throw new RegistryError(
    'forbidden',
    'This concerns all servers, and you do not see all of them.',
  );
}

function seesAll({ visibility }: Principal): boolean {
  return visibility.all && visibility.server === undefined;
}

function withoutActor({ by: _by, ...change }: GenerationChange): GenerationChange {
  return change;
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
