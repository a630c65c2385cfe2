import type { Exclusion } from '../gateway/gateway.js';
import type { RegistryState } from '../store/store.js';

/** The servers that may look different after a commit; `all` where that is not a matter of single ones. */
export function dirtOf(before: RegistryState, after: RegistryState): ReadonlySet<string> | 'all' {
  if (before.groups !== after.groups || before.catalog.invalid !== after.catalog.invalid) {
    return 'all';
  }
  const was = before.catalog.servers;
  const is = after.catalog.servers;
  if (was === is) return new Set();
  return new Set(
    [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path)),
  );
}

/** The servers whose exclusion is another one. */
export function otherwiseExcluded(
  before: readonly Exclusion[],
  after: readonly Exclusion[],
): ReadonlySet<string> {
  if (before === after) return new Set();
  const textOf = (exclusions: readonly Exclusion[]) =>
    new Map(exclusions.map(({ path, reason, detail }) => [path, `${reason} ${detail}`]));
  const was = textOf(before);
  const is = textOf(after);
  return new Set([...was.keys(), ...is.keys()].filter((path) => was.get(path) !== is.get(path)));
}
