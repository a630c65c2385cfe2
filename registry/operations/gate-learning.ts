import { z } from 'zod';
import type { ExternalTokens, Refusal } from '../access/external-tokens.js';
import type { GateRecord } from '../access/gate-record.js';
import { providerUnavailable } from '../access/identity-provider.js';
import { hashToken } from '../access/token.js';
import { RegistryError } from '../errors.js';
import type { RegistryState, Store } from '../store/store.js';
import { validate } from './validate.js';

/** A bad token is not looked at again for this long. */
const REFUSED_SECONDS = 30;

export const learnInputSchema = z.strictObject({
  server: z.string().max(200).meta({ description: 'Path of the server that was called.' }),
});

/**
 * Finds out about a token that the gate does not know, and tells the gate. Once it resolves, the gate knows
 * the token; so it does when the token was refused, for half a minute.
 * @throws RegistryError `validation-failed`, `token-invalid`, `token-wrong-audience`,
 *   `identity-provider-unavailable` (nothing is remembered), `gate-write-failed`
 */
export type LearnToken = (token: string, input: unknown) => Promise<void>;

export function createLearnToken(deps: {
  /** Absent: no identity provider is configured, and no token is good. */
  readonly externalTokens?: ExternalTokens;
  readonly learn: (sha256: string, record: GateRecord, asOf: RegistryState) => Promise<void>;
  readonly store: Pick<Store, 'state'>;
  readonly clock: () => Date;
}): LearnToken {
  const { externalTokens, learn, store, clock } = deps;
  /** By token and server: a client that begins sends many requests at once. */
  const underWay = new Map<string, Promise<void>>();

  const find = async (token: string, sha256: string, server: string) => {
    // Read before the rules are made from it: a record is not written when it has changed since.
    const asOf = store.state();
    const found = (await externalTokens?.verify(token, server)) ?? INVALID;
    if (!('refused' in found)) return learn(sha256, found, asOf);
    if (found.refused === 'unavailable') throw providerUnavailable();
    // A token for another server is good there, and its record refuses it here.
    await learn(sha256, found.elsewhere ?? refusedUntil(clock()), asOf);
    throw refusalError(found, server);
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

function refusedUntil(now: Date): GateRecord {
  return { refused: true, expires: Math.floor(now.getTime() / 1000) + REFUSED_SECONDS };
}

function refusalError({ refused }: Refusal, server: string): RegistryError {
  return refused === 'wrong-audience'
    ? new RegistryError(
        'token-wrong-audience',
        `The token is not for ${server}: its audience must be the URL of that server.`,
      )
    : new RegistryError('token-invalid', 'The token is not known, or holds no longer.');
}
