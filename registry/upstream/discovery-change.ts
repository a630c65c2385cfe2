import { isDeepStrictEqual } from 'node:util';
import type { Discovery, DiscoveryChange } from '../catalog/discovery.js';

export interface DiscoveryChanges {
  readonly tools: DiscoveryChange;
  readonly prompts: DiscoveryChange;
  readonly resources: DiscoveryChange;
}

/** What is different between two discoveries, by name (resources by URI); all is new without a first. */
export function compareDiscoveries(
  before: Discovery | undefined,
  after: Discovery | undefined,
): DiscoveryChanges {
  return {
    tools: compare(before?.tools, after?.tools, (tool) => tool.name),
    prompts: compare(before?.prompts, after?.prompts, (prompt) => prompt.name),
    resources: compare(before?.resources, after?.resources, (resource) => resource.uri),
  };
}

/** Whether two discoveries say the same, whenever they were made. */
export function isSameDiscovery(one: Discovery | undefined, other: Discovery | undefined): boolean {
  return isDeepStrictEqual(timeless(one), timeless(other));
}

function timeless(discovery: Discovery | undefined): unknown {
  return discovery === undefined ? undefined : { ...discovery, toolsFetchedAt: '' };
}

function compare<T>(
  before: readonly T[] = [],
  after: readonly T[] = [],
  keyOf: (item: T) => string,
): DiscoveryChange {
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const now = new Map(after.map((item) => [keyOf(item), item]));
  return {
    added: [...now.keys()].filter((key) => !old.has(key)),
    removed: [...old.keys()].filter((key) => !now.has(key)),
    changed: [...now.keys()].filter(
      (key) => old.has(key) && !isDeepStrictEqual(old.get(key), now.get(key)),
    ),
  };
}
