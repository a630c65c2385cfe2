import { z } from 'zod';
import { accountSchema, tokenRecordSchema } from '../../access/account.js';
import { groupSchema } from '../../access/group.js';
import type { InvalidRecord } from '../../catalog/catalog.js';
import { registrySourceSchema } from '../../catalog/registry-source.js';
import { serverSchema, type Server } from '../../catalog/server.js';
import type { ServerPath } from '../../catalog/server-path.js';
import type { RegistryState } from '../store.js';
import { describeProblems } from './describe-problems.js';
import { freezeDeeply } from './freeze-deeply.js';

const VERSION = 1;

const envelopeSchema = z.strictObject({
  version: z.literal(VERSION),
  revision: z.int().nonnegative(),
  servers: z.array(z.unknown()),
  accounts: z.array(z.unknown()),
  /** Files of the first version have none. */
  groups: z.array(z.unknown()).default([]),
  tokens: z.array(z.unknown()),
  /** Nor these. */
  registries: z.array(z.unknown()).default([]),
});

/** `registry.json` as it is on disk; records are checked one by one, later. */
export type RegistryDocument = Readonly<z.output<typeof envelopeSchema>>;

/** Records that break their schema and have no place in the state; later commits write them back. */
export interface AsideRecords {
  readonly accounts: readonly unknown[];
  readonly groups: readonly unknown[];
  readonly tokens: readonly unknown[];
  readonly registries: readonly unknown[];
}

export const NO_RECORDS_ASIDE: AsideRecords = {
  accounts: [],
  groups: [],
  tokens: [],
  registries: [],
};

/** Checks the outer shape. @throws Error with the rule that is broken */
export function parseRegistryDocument(json: unknown): RegistryDocument {
  const version: unknown =
    typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (version !== undefined && version !== VERSION) {
    throw new Error(
      `it has version ${JSON.stringify(version)}, and this registry reads ${VERSION}`,
    );
  }
  const parsed = envelopeSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`it is not a registry document (${describeProblems(parsed.error)})`);
}

/** Indented as long as that is quick, for the people who look into it. */
export function formatRegistryDocument(document: RegistryDocument): string {
  const large = document.servers.length + document.tokens.length > 1000;
  // No line break at the end: then every truncation, even by one byte, is invalid JSON and noticed.
  return large ? JSON.stringify(document) : JSON.stringify(document, null, 2);
}

/** Parses each record alone: a bad one is kept with its reason, and the others are served. */
export function readRegistryDocument(document: RegistryDocument): {
  readonly state: RegistryState;
  readonly aside: AsideRecords;
  /** One line for each account, group, token and registry that is not used. */
  readonly unusable: readonly string[];
} {
  const accounts = readRecords(document.accounts, accountSchema, 'accounts');
  const groups = readRecords(document.groups, groupSchema, 'groups');
  const tokens = readRecords(document.tokens, tokenRecordSchema, 'tokens');
  const registries = readRecords(document.registries, registrySourceSchema, 'registries');
  return {
    state: Object.freeze({
      revision: document.revision,
      catalog: readServers(document.servers),
      accounts: accounts.good,
      groups: groups.good,
      tokens: tokens.good,
      registries: registries.good,
    }),
    aside: {
      accounts: accounts.bad,
      groups: groups.bad,
      tokens: tokens.bad,
      registries: registries.bad,
    },
    unusable: [accounts, groups, tokens, registries].flatMap(({ reasons }) => reasons),
  };
}

export function writeRegistryDocument(
  { revision, catalog, accounts, groups, tokens, registries }: RegistryState,
  aside: AsideRecords,
): RegistryDocument {
  return {
    version: VERSION,
    revision,
    servers: [...catalog.servers.values(), ...catalog.invalid.map(({ record }) => record)],
    accounts: [...accounts, ...aside.accounts],
    groups: [...groups, ...aside.groups],
    tokens: [...tokens, ...aside.tokens],
    registries: [...registries, ...aside.registries],
  };
}

function readServers(records: readonly unknown[]): RegistryState['catalog'] {
  const servers = new Map<ServerPath, Server>();
  const invalid: InvalidRecord[] = [];
  records.forEach((record, index) => {
    const refuse = (reason: string) =>
      invalid.push(freezeDeeply({ path: labelOf(record, index), record, reason }));
    const parsed = serverSchema.safeParse(record);
    if (!parsed.success) return refuse(describeProblems(parsed.error));
    const first = servers.get(parsed.data.path);
    if (first !== undefined) return refuse(`duplicate of "${first.name}" at ${first.path}`);
    return servers.set(parsed.data.path, freezeDeeply(parsed.data));
  });
  return Object.freeze({ servers, invalid: Object.freeze(invalid) });
}

function labelOf(record: unknown, index: number): string {
  const path: unknown =
    typeof record === 'object' && record !== null && 'path' in record ? record.path : undefined;
  return typeof path === 'string' && path !== '' ? path : `#${index}`;
}

function readRecords<T>(records: readonly unknown[], schema: z.ZodType<T>, list: string) {
  const good: T[] = [];
  const bad: unknown[] = [];
  const reasons: string[] = [];
  records.forEach((record, index) => {
    const parsed = schema.safeParse(record);
    if (parsed.success) {
      good.push(freezeDeeply(parsed.data));
    } else {
      bad.push(record);
      reasons.push(`${list}.${index}: ${describeProblems(parsed.error)}`);
    }
  });
  return { good: Object.freeze(good), bad, reasons };
}
