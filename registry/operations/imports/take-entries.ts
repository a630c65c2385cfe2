import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { callerIn } from '../../access/authenticator.js';
import type { Principal } from '../../access/principal.js';
import { requirePermission } from '../../access/require-permission.js';
import type { Vault } from '../../access/vault.js';
import type { Catalog } from '../../catalog/catalog.js';
import { RegistryError } from '../../errors.js';
import type { Gateway } from '../../gateway/gateway.js';
import type { RegistryState, Store } from '../../store/store.js';
import { IMPORT_OUTCOMES, type ImportRules, type TakenEntry } from './import-entry.js';
import { outcomeViewSchema } from '../servers/outcome-view.js';
import type { JudgeUrl } from '../servers/permitted-url.js';
import { OUTCOME_WAIT_MS } from '../servers/server-changes.js';

/** How entries are taken over, for files and registries alike. */
export const takingFields = {
  dryRun: z
    .boolean()
    .default(false)
    .meta({ description: 'Tells what would be, and stores nothing.' }),
  existing: z.enum(['keep', 'update']).default('keep').meta({
    description:
      'What becomes of servers that are there already and are different. Whether they are enabled stays in any case.',
  }),
};

/** What became of the entries. */
export const takenSchema = z.strictObject({
  dryRun: z.boolean(),
  results: z
    .array(
      z.strictObject({
        name: z.string().meta({ description: 'What it is called where it comes from.' }),
        path: z.string().optional(),
        outcome: z.enum(IMPORT_OUTCOMES).meta({
          description:
            '`created`: disabled. `unchanged`: it is there and the same. `kept`: it is there and different; `problems` say in what.',
        }),
        problems: z.array(z.strictObject({ field: z.string(), message: z.string() })).readonly(),
        notes: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  gateway: outcomeViewSchema
    .optional()
    .meta({ description: 'What nginx made of it; absent when nothing was changed.' }),
});
type Taken = z.output<typeof takenSchema>;

/** Takes one entry into the catalog as the entries before it left it; never throws for what is wrong with the entry. */
export type TakeEntry = (catalog: Catalog, rules: ImportRules) => TakenEntry;

/**
 * Takes entries into the catalog, in one commit. One that cannot be taken over hinders no other.
 * @param entriesOf may be called twice: for the state as it is, and for the one that is changed
 * @throws RegistryError `authentication-required`, `forbidden` when the caller lost their rights meanwhile
 */
export type TakeEntries = (
  entriesOf: (state: RegistryState) => readonly TakeEntry[],
  how: {
    readonly by: Principal;
    readonly dryRun: boolean;
    readonly existing: ImportRules['existing'];
  },
) => Promise<Taken>;

const AT_ONCE = 50;

export function createTakeEntries(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly gateway: Pick<Gateway, 'outcome'>;
  readonly vault: Vault;
  readonly judgeUrl: JudgeUrl;
  readonly clock: () => Date;
}): TakeEntries {
  const { store, gateway, vault, judgeUrl, clock } = deps;
  return async (entriesOf, { by: caller, dryRun, existing }) => {
    const begin = (state: RegistryState, revision: number) => {
      const by = requireStanding(state, caller);
      const stamp = { by: by.username, at: clock().toISOString(), revision };
      const rules: ImportRules = { state, by, vault, judgeUrl, stamp, existing };
      let catalog: Catalog = state.catalog;
      const results: TakenEntry['result'][] = [];
      const add = (take: TakeEntry) => {
        const taken = take(catalog, rules);
        catalog = taken.catalog;
        results.push(taken.result);
      };
      return { add, end: () => ({ catalog, results }) };
    };
    const apply = (state: RegistryState, revision: number) => {
      const taking = begin(state, revision);
      entriesOf(state).forEach(taking.add);
      return taking.end();
    };
    const plan = async (state: RegistryState, revision: number) => {
      const taking = begin(state, revision);
      for (const [at, take] of entriesOf(state).entries()) {
        // Thousands take seconds, in which others are to be answered.
        if (at % AT_ONCE === AT_ONCE - 1) await turn();
        taking.add(take);
      }
      return taking.end();
    };
    const state = store.state();
    const planned = await plan(state, state.revision + 1);
    if (dryRun || planned.catalog === state.catalog) return { dryRun, results: planned.results };
    let done = planned;
    await store.commit((newest, revision) => {
      // It is done again only where somebody was faster.
      const isAsPlanned = newest === state && revision === state.revision + 1;
      if (!isAsPlanned) done = apply(newest, revision);
      return { catalog: done.catalog };
    });
    return { dryRun, results: done.results, gateway: await gateway.outcome(OUTCOME_WAIT_MS) };
  };
}

/** To read another registry takes minutes, and thousands of entries take seconds: who asked may have lost their rights. */
function requireStanding(state: RegistryState, caller: Principal): Principal {
  const by = callerIn(state, caller);
  if (by === undefined) {
    throw new RegistryError(
      'authentication-required',
      `The account ${caller.username} is gone or was disabled meanwhile, or the token revoked.`,
    );
  }
  requirePermission(by, 'servers:write');
  return by;
}

/** How many entries had which outcome, for the log. */
export function countOutcomes(results: Taken['results']): Readonly<Record<string, number>> {
  const counted = IMPORT_OUTCOMES.map((outcome): [string, number] => [
    outcome,
    results.filter((result) => result.outcome === outcome).length,
  ]);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}
