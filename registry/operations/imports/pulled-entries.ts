import type { Principal } from '../../access/principal.js';
import { updateServer } from '../../catalog/catalog.js';
import { finishDraft, freePath, type ImportDraft } from '../../catalog/import/import-draft.js';
import type { Fields } from '../../catalog/import/read-json.js';
import { registryDrafts, type PullSource } from '../../catalog/import/registry-servers.js';
import type { Server } from '../../catalog/server.js';
import { isSameSource, type ServerOrigin } from '../../catalog/server-origin.js';
import { parseUpstreamUrl } from '../../catalog/upstream-url.js';
import type { RegistryState } from '../../store/store.js';
import { importEntry, problemsOf } from './import-entry.js';
import { requireOwn } from '../servers/ownership.js';
import { seenServers } from '../servers/server-lookup.js';
import type { TakeEntry } from './take-entries.js';

/**
 * What is to be done with the entries of a registry. A server that was pulled before is known by its name there, whatever
 * its path is by now, and one that somebody registered by hand by its URL. Others get a path that nobody has.
 */
export function pulledEntries(
  state: Pick<RegistryState, 'catalog' | 'groups'>,
  items: readonly Fields[],
  source: PullSource,
  by: Principal,
): TakeEntry[] {
  const find = createFinder(
    seenServers(state, by.visibility).map(({ server }) => server),
    source,
  );
  const taken = new Set<string>(state.catalog.servers.keys());
  return onePerName(registryDrafts(items, source)).map((draft) => {
    const { origin } = draft;
    if (origin === undefined) return refusal(draft, 'name', 'is missing, or longer than allowed');
    const known = find(origin, draft.input);
    if (origin.status === 'deleted') {
      return known !== undefined && isSameSource(known.origin, origin)
        ? deletion(draft, known)
        : refusal(draft, 'url', 'was deleted from the registry: do not use it any more');
    }
    const path = known?.path ?? freePath(draft, taken);
    if (draft.input !== undefined) taken.add(path);
    const entry = finishDraft(draft, path);
    return (catalog, rules) => importEntry(catalog, entry, rules);
  });
}

/** Finds the server that an entry stands for. */
function createFinder(servers: readonly Server[], { registry }: PullSource) {
  const ofRegistry = servers.filter(({ origin }) => origin?.registry === registry);
  const byName = new Map(ofRegistry.map((server) => [server.origin?.name, server]));
  const byHand = servers.filter(({ origin }) => origin === undefined);
  const byUrl = new Map(byHand.map((server): [string, Server] => [server.url, server]));
  return ({ name }: ServerOrigin, input: Fields | undefined): Server | undefined => {
    const url = typeof input?.url === 'string' ? parseUpstreamUrl(input.url) : undefined;
    return byName.get(name) ?? (url?.ok === true ? byUrl.get(url.value) : undefined);
  };
}

/** Registries that do not say which version is the latest list the newest at the end. */
function onePerName(drafts: readonly ImportDraft[]): ImportDraft[] {
  const byName = new Map(drafts.map((draft, at) => [draft.origin?.name ?? at, draft]));
  return [...byName.values()];
}

function refusal({ name, notes }: ImportDraft, field: string, message: string): TakeEntry {
  const result = { name, outcome: 'refused', problems: [{ field, message }], notes } as const;
  return (catalog) => ({ catalog, result });
}

/**
 * A server that its registry has deleted is disabled and marked, and never removed. That happens once: who enables it
 * again knows what they do.
 */
function deletion({ name, notes }: ImportDraft, { path, origin, enabled }: Server): TakeEntry {
  const told = { name, path, problems: [], notes };
  return (catalog, { state, by, stamp }) => {
    if (origin === undefined || origin.status === 'deleted') {
      return { catalog, result: { ...told, outcome: 'unchanged' } };
    }
    try {
      requireOwn(state, path, by, 'servers:write-any');
      const change = { enabled: false, origin: { ...origin, status: 'deleted' as const } };
      const after = updateServer(catalog, path, change, stamp);
      const note = `The registry has deleted it: it is ${enabled ? 'now disabled' : 'disabled'}, and marked.`;
      return { catalog: after, result: { ...told, outcome: 'updated', notes: [...notes, note] } };
    } catch (thrown) {
      return { catalog, result: { ...told, outcome: 'refused', problems: problemsOf(thrown) } };
    }
  };
}
