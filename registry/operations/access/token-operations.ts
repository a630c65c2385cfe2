import { randomUUID } from 'node:crypto';
import type { TokenRecord } from '../../access/account.js';
import type { Principal } from '../../access/principal.js';
import { hashToken, makeToken } from '../../access/token.js';
import type { TokenUse } from '../../access/token-use.js';
import { messageOf, RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import { askerOf, completeGrant, managesTokens, problemsOfGrant } from './token-grant.js';
import { tokenInputSchema, viewToken, type IssuedToken, type TokenView } from './token-view.js';
import { validate, validationError } from '../validate.js';

/** Everybody has their own tokens; who may manage tokens has those of all. */
export interface TokenOperations {
  list(principal: Principal): readonly TokenView[];
  /**
   * Makes a token that belongs to the principal's account and may do no more than the principal.
   * @throws RegistryError `validation-failed`, `authentication-required` when the token that asks is gone,
   *   `gate-write-failed`: then there is no token
   */
  issue(input: unknown, principal: Principal): Promise<IssuedToken>;
  /** Holds from the next request on. @throws RegistryError `token-not-found`, `gate-write-failed` */
  revoke(id: string, principal: Principal): Promise<void>;
}

export function createTokenOperations(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly uses: Pick<TokenUse, 'lastUsedAt'>;
  readonly clock: () => Date;
  readonly log: Log;
}): TokenOperations {
  const { store, uses, clock, log } = deps;
  const view = (record: TokenRecord) => viewToken(record, uses.lastUsedAt(record.id));
  /** Nobody was given the token: without a record at the gate it would lie there for nothing. */
  const takeBack = async (id: string, fault: RegistryError): Promise<RegistryError> => {
    const why = messageOf(fault.cause);
    log.warn('A token was not issued: the gateway could not be told.', { id, reason: why });
    try {
      await store.commit(({ tokens }) => ({ tokens: tokens.filter((token) => token.id !== id) }));
    } catch (thrown) {
      // What the gate cannot be told of the removal it could not be told of the token either.
      if (!isGateFault(thrown)) return notTakenBack(id, thrown);
    }
    return notIssued(why, fault);
  };
  return {
    list: (principal) =>
      store
        .state()
        .tokens.filter((token) => isTheirs(token, principal))
        .map(view),

    issue: async (input, principal) => {
      const { name, ...wanted } = validate(tokenInputSchema, input);
      const token = makeToken();
      const id = randomUUID();
      const added = store.commit((state) => {
        const now = clock();
        const asker = askerOf(principal, state);
        const grant = completeGrant(wanted, asker, now);
        const problems = problemsOfGrant(grant, asker);
        if (problems.length > 0) throw validationError(problems);
        const record: TokenRecord = {
          id,
          name,
          sha256: hashToken(token),
          owner: principal.username,
          ...grant,
          createdAt: now.toISOString(),
        };
        return { tokens: [...state.tokens, record] };
      });
      const { tokens } = await added.catch(async (thrown: unknown) => {
        throw isGateFault(thrown) ? await takeBack(id, thrown) : thrown;
      });
      const issued = requireToken(tokens, id, principal);
      const { scopes, groups, server } = issued;
      log.info('Token issued.', { id, name, scopes, groups, server, by: principal.username });
      return { ...view(issued), token };
    },

    revoke: async (id, principal) => {
      await store.commit(({ tokens }) => {
        const revoked = requireToken(tokens, id, principal);
        return { tokens: tokens.filter((token) => token !== revoked) };
      });
      log.info('Token revoked.', { id, by: principal.username });
    },
  };
}

function isGateFault(thrown: unknown): thrown is RegistryError {
  return thrown instanceof RegistryError && thrown.code === 'gate-write-failed';
}

function notIssued(why: string, cause: RegistryError): RegistryError {
  return new RegistryError(
    'gate-write-failed',
    `No token was issued: the gateway could not be told of it (${why}). Make room where the gate records lie (GATE_DIR) and ask again.`,
    { cause },
  );
}

function notTakenBack(id: string, cause: unknown): RegistryError {
  return new RegistryError(
    'gate-write-failed',
    `The token was not handed out, since the gateway could not be told of it, and it could not be removed again (${messageOf(cause)}). Revoke it: DELETE /api/tokens/${id}.`,
    { cause },
  );
}

function isTheirs(token: TokenRecord, principal: Principal): boolean {
  return token.owner === principal.username || managesTokens(principal);
}

/** Somebody else's token is none. @throws RegistryError `token-not-found` */
function requireToken(
  tokens: readonly TokenRecord[],
  id: string,
  principal: Principal,
): TokenRecord {
  const found = tokens.find((token) => token.id === id && isTheirs(token, principal));
  if (found !== undefined) return found;
  throw new RegistryError('token-not-found', 'There is no such token.');
}
