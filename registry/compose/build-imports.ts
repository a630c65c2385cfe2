import type { Authenticator } from '../access/authenticator.js';
import type { Vault } from '../access/vault.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Log } from '../log.js';
import type { Audited } from '../operations/audit/audited.js';
import { createImportServers } from '../operations/imports/import-servers.js';
import { createPullRegistry } from '../operations/imports/pull-registry.js';
import { createPullSchedule } from '../operations/imports/pull-schedule.js';
import { createRegistrySources } from '../operations/imports/registry-sources.js';
import { createTakeEntries } from '../operations/imports/take-entries.js';
import type { JudgeUrl } from '../operations/servers/permitted-url.js';
import type { Store } from '../store/store.js';
import type { ReadRegistry } from '../upstream/registry-reader.js';

/** What takes servers over from files and other registries. */
export function buildImports(parts: {
  readonly store: Store;
  readonly gateway: Pick<Gateway, 'outcome'>;
  readonly vault: Vault;
  readonly judgeUrl: JudgeUrl;
  readonly readRegistry: ReadRegistry;
  readonly authenticator: Pick<Authenticator, 'ofUser'>;
  readonly audited: Audited;
  readonly clock: () => Date;
  readonly log: Log;
}) {
  const { ofUser } = parts.authenticator;
  const takeEntries = createTakeEntries(parts);
  const pullRegistry = createPullRegistry({ ...parts, takeEntries });
  const registrySources = createRegistrySources({ ...parts, pullRegistry });
  return {
    importServers: createImportServers({ ...parts, takeEntries }),
    pullRegistry,
    registrySources,
    pullSchedule: createPullSchedule({ ...parts, sources: registrySources, ofUser }),
  };
}
