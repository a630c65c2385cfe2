import { z } from 'zod';
import type { ExternalTokens, Refusal } from '../../access/external-tokens.js';
import type { AdmittedToken, GateRecord } from '../../access/gate-record.js';
import { providerUnavailable } from '../../access/identity-provider.js';
import { fromNewestState } from '../../access/newest-state.js';
import { hashToken } from '../../access/token.js';
import { RegistryError } from '../../errors.js';
import type { RegistryState, Store } from '../../store/store.js';
import { validate } from '../validate.js';

/** A bad token is not looked at again for this long. */
const REFUSED_SECONDS = 30;

export const learnInputSchema = z.strictObject({
  server: z.string().max(200).meta({ description: 'Path of the server that was called.' }),
});

/**
 * Finds out about a token that the gate does not know, and tells the gate. Once it resolves, the gate knows
 * the token; so it does when the token was refused, for half a minute.
 * @throws RegistryError `validation-failed`, `token-invalid`, `token-wrong-audience`,
 *   `identity-provider-unavailable` (nothing is remembered), `gate-write-failed`, `gateway-unavailable`
 */
export type LearnToken = (token: string, input: unknown) => Promise<void>;

export function createLearnToken(deps: {
  /** Absent: no identity provider is configured, and no token is good. */
  readonly externalTokens?: ExternalTokens;
  /** As `GateRecords.learn`: false when the record was made from a state that is over. */
  readonly learn: (sha256: string, record: GateRecord, asOf: RegistryState) => Promise<boolean>;
  readonly store: Pick<Store, 'state'>;
  readonly clock: () => Date;
}): LearnToken {
  const { externalTokens, learn, store, clock } = deps;
  /** By token and server: a client that begins sends many requests at once. */
  const underWay = new Map<string, Promise<void>>();

  const find = async (token: string, sha256: string, server: string) => {
    let found: AdmittedToken | Refusal = INVALID;
    // The state is read before the rules are made from it.
    await fromNewestState(store, async (asOf) => {
      found = (await externalTokens?.verify(token, server)) ?? INVALID;
      return learn(sha256, recordOf(found, clock()), asOf);
    });
    if ('refused' in found) throw refusalError(found, server);
  };

  return (token, input) => {
    const { server } = validate(learnInputSchema, input);
    const sha256 = hashToken(token);
    const key = `${sha256} ${server}`;
    const running =
      underWay.get(key) ?? find(token, sha256, server).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
}

const INVALID: Refusal = { refused: 'invalid' };

/** @throws RegistryError `identity-provider-unavailable`: nobody knows, and nothing is to be remembered */
function recordOf(found: AdmittedToken | Refusal, now: Date): GateRecord {
  if (!('refused' in found)) return found;
  if (found.refused === 'unavailable') throw providerUnavailable();
  // A token for another server is good there, and its record refuses it here.
  const expires = Math.floor(now.getTime() / 1000) + REFUSED_SECONDS;
  return found.elsewhere ?? { refused: true, expires };
}

function refusalError({ refused }: Refusal, server: string): RegistryError {
  return refused === 'wrong-audience'
    ? new RegistryError(
        'token-wrong-audience',
        `The token is not for ${server}: its audience must be the URL of that server.`,
      )
    : new RegistryError('token-invalid', 'The token is not known, or holds no longer.');
}
