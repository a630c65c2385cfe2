import type { RegistryState } from '../../store/store.js';

/**
 * Names of those who own something, in lower case. An account that is gone leaves its servers and the registries that it
 * followed, and they must not fall to somebody else who is called the same.
 */
export function ownerNames({
  catalog,
  registries,
}: Pick<RegistryState, 'catalog' | 'registries'>): ReadonlySet<string> {
  const owned = [...catalog.servers.values(), ...registries];
  return new Set(owned.map(({ owner }) => owner.toLowerCase()));
}
