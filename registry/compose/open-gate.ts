import { gateLearnKey } from '../access/derived-key.js';
import { createGateDirectory } from '../access/gate-directory.js';
import { createGateRecords, type GateRecords } from '../access/gate-records.js';
import type { Config } from '../config/config.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { gateDirectory } from '../machine.js';
import type { Store } from '../store/store.js';

/** Gate records at their place. @throws Error when that place cannot be ours alone */
export async function openGate(config: Config, key: string, clock: () => Date, log: Log) {
  const directory = createGateDirectory(gateDirectory(config), gateLearnKey(key));
  await directory.claim();
  const records = createGateRecords({ directory, secretKey: key, clock, log });
  const endsWithUs = config.gateDir === undefined && config.nginx.mode !== 'external';
  return {
    records,
    path: directory.path,
    /** Memory is given back, now that nginx has ended as well. */
    async close(): Promise<void> {
      await records.close();
      if (endsWithUs) await directory.discard();
    },
  };
}

/** No token counts at the gateway before this. API and UI come up even when it fails; it is tried again. */
export async function bringGateUp(records: GateRecords, store: Store, log: Log): Promise<void> {
  await records.sync(store.state()).catch((thrown: unknown) => {
    log.error('The gateway does not know all tokens yet.', { reason: messageOf(thrown) });
  });
}
