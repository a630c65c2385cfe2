import { randomBytes } from 'node:crypto';
import type { Vault } from '../../access/vault.js';
import {
  NO_AUTH,
  secretContext,
  type Auth,
  type AuthInput,
  type AuthOf,
  type SealedText,
} from '../../catalog/server-auth.js';
import type { Server, ServerPatch, ServerUpdate } from '../../catalog/server.js';
import { RegistryError, type FieldProblem } from '../../errors.js';

const TOLD = 'is told by the registry and cannot be set; leave it out';
/** What to say of fields that answers have and inputs have not. */
export const AUTH_HINTS = { secretSet: TOLD, changedAt: TOLD, unreadable: TOLD };

/** What the decision about a credential depends on. */
export interface CredentialChange {
  readonly vault: Vault;
  /** Absent: a new server. */
  readonly before?: { readonly url: string; readonly auth: Auth } | undefined;
  /** Absent: the credential stays as it is. */
  readonly auth: AuthInput | undefined;
  /** Where the server will be. */
  readonly url: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The credential as it is to be stored. Secrets that are left out are kept, and so is a sealed secret
 * whose plain text is given anew: then the result equals what was there before. A kept secret stays with
 * the origin that it was given for, or whoever may edit a server could send it to themselves.
 * @throws RegistryError `validation-failed` when a secret is missing, or kept for another origin
 */
export function settleAuth(change: CredentialChange): Auth {
  const { before, auth: input, url } = change;
  const ledger = createLedger(change);
  const auth = input === undefined ? unchanged(before?.auth, ledger) : settled(input, ledger);
  const moved =
    before !== undefined && originOf(before.url) !== originOf(url)
      ? ['url']
      : movedTokenUrl(before?.auth, auth);
  const problems = [...ledger.missing, ...(moved.length > 0 ? ledger.keptFor(moved) : [])];
  if (problems.length === 0) return auth;
  const fields = problems.map(({ field }) => field).join(', ');
  throw new RegistryError('validation-failed', `Not accepted: ${fields}. See "errors".`, {
    problems,
  });
}

/** A change with its secrets sealed. @throws RegistryError `validation-failed` */
export function withSealedAuth(
  vault: Vault,
  server: Server,
  change: ServerPatch,
  at: string,
): ServerUpdate {
  const { auth: given, url = server.url } = change;
  return { ...change, auth: settleAuth({ vault, before: server, auth: given, url, at }) };
}

/** Takes secrets in, and keeps account of which are new, kept or missing. */
interface Ledger {
  /** What every credential with secrets has; to be called when all of them were taken. */
  head(): { readonly id: string; readonly changedAt: string };
  take(field: string, given: string | undefined, stored: SealedText | undefined): SealedText;
  keep(field: string): void;
  readonly missing: readonly FieldProblem[];
  keptFor(moved: readonly string[]): readonly FieldProblem[];
  /** The credential before, if it is of this type. */
  before<T extends Auth['type']>(type: T): AuthOf<T> | undefined;
}

function createLedger({ vault, before, auth, at }: CredentialChange): Ledger {
  const old = before?.auth;
  const same = old !== undefined && 'id' in old && old.type === auth?.type ? old : undefined;
  const id = same?.id ?? randomBytes(16).toString('hex');
  const missing: FieldProblem[] = [];
  const kept: string[] = [];
  let isNew = same === undefined;
  return {
    missing,
    head: () => ({ id, changedAt: isNew || same === undefined ? at : same.changedAt }),
    before: <T extends Auth['type']>(type: T) =>
      old?.type === type ? (old as AuthOf<T>) : undefined,
    keep: (field) => kept.push(`auth.${field}`),
    take(field, given, stored) {
      const context = secretContext(id, nameOf(field, auth));
      if (given === undefined && stored !== undefined) {
        kept.push(`auth.${field}`);
        return stored;
      }
      if (given === undefined) {
        missing.push({
          field: `auth.${field}`,
          message: 'is required: there is no stored secret that could be kept',
        });
        return '' as SealedText;
      }
      if (stored !== undefined && vault.open(stored, context) === given) return stored;
      isNew = true;
      return vault.seal(given, context);
    },
    keptFor: (moved) =>
      kept.map((field) => ({
        field,
        message: `is required when ${moved.join(' and ')} moves to another origin: a stored secret is only sent where it was meant to go; give it again, or set auth to {"type": "none"}`,
      })),
  };
}

/** Secrets of headers are bound to the header's name, not to its place in the list. */
function nameOf(field: string, auth: AuthInput | undefined): string {
  const index = /^headers\.(\d+)\.value$/.exec(field)?.[1];
  if (index === undefined || auth?.type !== 'headers') return field;
  return `headers.${auth.headers[Number(index)]?.name ?? ''}`;
}

function unchanged(auth: Auth | undefined, ledger: Ledger): Auth {
  if (auth === undefined) return NO_AUTH;
  if (auth.type === 'bearer') ledger.keep('token');
  if (auth.type === 'basic') ledger.keep('password');
  if (auth.type === 'headers') ledger.keep('headers');
  if (auth.type === 'oauth-client-credentials') ledger.keep('clientSecret');
  return auth;
}

function settled(input: AuthInput, ledger: Ledger): Auth {
  switch (input.type) {
    case 'none':
    case 'pass-through':
      return input;
    case 'bearer': {
      const token = ledger.take('token', input.token, ledger.before('bearer')?.token);
      return { type: input.type, ...ledger.head(), token };
    }
    case 'basic': {
      const { type, username } = input;
      const stored = ledger.before('basic')?.password;
      const password = ledger.take('password', input.password, stored);
      return { type, ...ledger.head(), username, password };
    }
    case 'headers': {
      const stored = ledger.before('headers')?.headers ?? [];
      const headers = input.headers.map(({ name, value }, index) => {
        const same = stored.find((header) => header.name.toLowerCase() === name.toLowerCase());
        return { name, value: ledger.take(`headers.${index}.value`, value, same?.value) };
      });
      return { type: input.type, ...ledger.head(), headers };
    }
    case 'oauth-client-credentials': {
      const { clientSecret: given, ...fields } = input;
      const stored = ledger.before('oauth-client-credentials')?.clientSecret;
      const clientSecret = ledger.take('clientSecret', given, stored);
      return { ...fields, ...ledger.head(), clientSecret };
    }
  }
}

/** The client's secret goes to the token endpoint, not to the server. */
function movedTokenUrl(before: Auth | undefined, after: Auth): readonly string[] {
  if (before?.type !== 'oauth-client-credentials' || after.type !== before.type) return [];
  return originOf(before.tokenUrl) === originOf(after.tokenUrl) ? [] : ['auth.tokenUrl'];
}

function originOf(url: string): string {
  return new URL(url).origin;
}
