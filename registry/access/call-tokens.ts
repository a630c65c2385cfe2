import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { RegistryState, Store } from '../store/store.js';
import { sessionBinding } from './gate-record.js';
import type { GateRecords } from './gate-records.js';
import { fromNewestState } from './newest-state.js';
import { matches, type AccessRule } from './policy.js';
import { hashToken, makeToken } from './token.js';

/** What a token for one call is good for. */
export interface CallRights {
  /** Who calls: the user name, as with every other token of theirs. */
  readonly principal: string;
  /** The one server that it is for. */
  readonly server: string;
  /** What the caller may use there, in the state that is the newest. */
  readonly rules: (state: RegistryState) => readonly AccessRule[];
  /** How long the call may take. */
  readonly seconds: number;
}

/** Tokens with which the registry calls in the name of somebody. The gate knows them; no store does. */
export interface CallTokens {
  /**
   * Makes a token, lets `use` work with it and takes it back. It ends by itself with the time of the call.
   * @throws RegistryError `gate-write-failed`, `gateway-unavailable`, and what `use` and `rights.rules` throw
   */
  lend<T>(rights: CallRights, use: (token: string) => Promise<T>): Promise<T>;
}

/** After a timeout there is still a session to be ended. */
const GOODBYE_SECONDS = 10;

export function createCallTokens(deps: {
  readonly records: Pick<GateRecords, 'learn' | 'forget'>;
  readonly store: Pick<Store, 'state'>;
  /** The installation's key, for session bindings. */
  readonly secretKey: string;
  readonly clock: () => Date;
  readonly log: Log;
}): CallTokens {
  const { records, store, secretKey, clock, log } = deps;
  return {
    async lend({ principal, server, rules, seconds }, use) {
      const token = makeToken();
      const sha256 = hashToken(token);
      const now = Math.floor(clock().getTime() / 1000);
      const about = {
        principal,
        server,
        expires: now + seconds + GOODBYE_SECONDS,
        session: sessionBinding(secretKey, principal),
        lent: true,
      } as const;
      try {
        await fromNewestState(store, (state) =>
          records.learn(sha256, { ...about, rules: rulesOn(server, rules(state)) }, state),
        );
        return await use(token);
      } finally {
        // What the call came to matters more; the record ends by itself.
        await records.forget(sha256).catch((thrown: unknown) => {
          log.warn('A token for one call stays until it expires.', { reason: messageOf(thrown) });
        });
      }
    },
  };
}

function rulesOn(server: string, rules: readonly AccessRule[]): readonly AccessRule[] {
  return rules.filter(({ servers }) => servers.some((pattern) => matches(pattern, server)));
}
