import { secretContext, type OpenSecret } from '../catalog/server-auth.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { CredentialFault, unreadable } from './credential-fault.js';
import {
  requestToken,
  type GrantedToken,
  type OAuthAuth,
  type TokenRequestDeps,
} from './oauth-token-request.js';

/** Access tokens of upstreams that are protected with OAuth client credentials, kept fresh. */
export interface OAuthTokens {
  /** A token that is valid now. @throws CredentialFault */
  get(auth: OAuthAuth): Promise<string>;
  /** The token at hand, as long as it is valid; nothing is asked for. */
  atHand(auth: OAuthAuth): string | undefined;
  /** Asks for another token, because the upstream refused the present one. @returns whether one came */
  renew(auth: OAuthAuth): Promise<boolean>;
  /** Keeps these fresh, in the background, and forgets all others but those that are being asked for. */
  keep(auths: readonly OAuthAuth[]): void;
  /** Calls back when a token came or could not be had. Returns the way to stop it. */
  subscribe(listener: () => void): () => void;
  stop(): void;
}

export interface OAuthTokensDeps extends TokenRequestDeps {
  readonly open: OpenSecret;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Runs `work` once after so many milliseconds. Returns the way to stop it. */
  readonly schedule?: (work: () => void, ms: number) => () => void;
}

interface Entry {
  readonly auth: OAuthAuth;
  token?: { readonly value: string; readonly renewAt: number; readonly expiresAt: number };
  /** Why the last request failed. */
  fault?: CredentialFault | undefined;
  failures: number;
  /** After a failure: nothing is asked for before. */
  retryAt: number;
  askedAt: number;
  pending?: Promise<void> | undefined;
  isKept: boolean;
  cancel?: () => void;
  readonly ending: AbortController;
}

/** Of a token whose lifetime is not told (RFC 6749, section 5.1, only recommends it). */
const DEFAULT_LIFETIME_MS = 3_600_000;
/** Half a day at most: timers cannot wait for months, and clients are revoked. */
const MAX_RENEWAL_MS = 12 * 3_600_000;
const MIN_RENEWAL_MS = 1000;
const RENEW_AT = 0.8;
const FIRST_RETRY_MS = 5000;
const MAX_RETRY_MS = 300_000;
/** A server that refuses every token must not make us hammer the token endpoint. */
const FORCED_RENEWAL_MS = 60_000;

/** All tokens that were asked for, and the timers of those that are kept fresh. */
export function createOAuthTokens(deps: OAuthTokensDeps): OAuthTokens {
  const { clock: now = Date.now, schedule = unrefTimer } = deps;
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();

  const entryOf = (auth: OAuthAuth): Entry => {
    const key = JSON.stringify(auth);
    const known = entries.get(key);
    if (known !== undefined) return known;
    const ending = new AbortController();
    const entry: Entry = { auth, failures: 0, retryAt: 0, askedAt: 0, isKept: false, ending };
    entries.set(key, entry);
    return entry;
  };

  const ask = async (entry: Entry) => {
    await renewToken(entry, deps, now);
    entry.pending = undefined;
    if (entry.ending.signal.aborted) return;
    plan(entry);
    for (const listener of [...listeners]) listener();
  };

  /** Those who come while a request is under way wait for that one. */
  const request = (entry: Entry): Promise<void> => (entry.pending ??= ask(entry));

  const plan = (entry: Entry) => {
    entry.cancel?.();
    if (!entry.isKept) return;
    const at = entry.fault === undefined ? (entry.token?.renewAt ?? now()) : entry.retryAt;
    const work = () => {
      request(entry).catch((error: unknown) => {
        deps.log.error('Renewing a token failed.', { error: messageOf(error) });
      });
    };
    entry.cancel = schedule(work, Math.max(0, at - now()));
  };

  const forget = (key: string, entry: Entry) => {
    entries.delete(key);
    entry.cancel?.();
    entry.ending.abort(new Error('the credential is not used any more'));
  };

  return {
    async get(auth) {
      const entry = entryOf(auth);
      const isFresh = now() < (validToken(entry, now())?.renewAt ?? 0);
      if (!isFresh && now() >= entry.retryAt) await request(entry);
      const token = validToken(entry, now());
      if (token !== undefined) return token.value;
      throw entry.fault ?? new CredentialFault('auth-token-failed', 'No token could be had.');
    },
    atHand(auth) {
      const entry = entries.get(JSON.stringify(auth));
      return entry === undefined ? undefined : validToken(entry, now())?.value;
    },
    async renew(auth) {
      const entry = entryOf(auth);
      if (now() - entry.askedAt < FORCED_RENEWAL_MS) return false;
      await request(entry);
      return entry.fault === undefined && validToken(entry, now()) !== undefined;
    },
    keep(auths) {
      const wanted = new Map(auths.map((auth) => [JSON.stringify(auth), auth]));
      for (const [key, entry] of entries) {
        // One that somebody waits for although no enabled server has it: a server that is probed, or one that is off.
        const isLent = !entry.isKept && entry.pending !== undefined;
        if (!wanted.has(key) && !isLent) forget(key, entry);
      }
      for (const auth of wanted.values()) {
        const entry = entryOf(auth);
        if (entry.isKept) continue;
        entry.isKept = true;
        if (entry.pending === undefined) plan(entry);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      for (const [key, entry] of entries) forget(key, entry);
    },
  };
}

/** Asks for a token and notes the outcome, whatever it is. Never throws. */
async function renewToken(entry: Entry, deps: OAuthTokensDeps, now: () => number): Promise<void> {
  const { auth, ending } = entry;
  entry.askedAt = now();
  try {
    const secret = deps.open(auth.clientSecret, secretContext(auth.id, 'clientSecret'));
    if (secret === undefined) throw unreadable();
    takeToken(entry, await requestToken(deps, auth, secret, ending.signal), now());
  } catch (thrown) {
    if (ending.signal.aborted) return;
    const fault =
      thrown instanceof CredentialFault
        ? thrown
        : new CredentialFault('auth-token-failed', `No token could be had: ${messageOf(thrown)}`);
    entry.fault = fault;
    entry.failures += 1;
    entry.retryAt = now() + Math.min(FIRST_RETRY_MS * 2 ** (entry.failures - 1), MAX_RETRY_MS);
    deps.log.warn('An upstream token could not be had.', {
      message: fault.message,
      failures: entry.failures,
    });
  }
}

function takeToken(entry: Entry, { value, lifetimeMs }: GrantedToken, now: number): void {
  const lifetime = lifetimeMs ?? DEFAULT_LIFETIME_MS;
  const wait = Math.min(Math.max(lifetime * RENEW_AT, MIN_RENEWAL_MS), MAX_RENEWAL_MS);
  entry.token = { value, renewAt: now + wait, expiresAt: now + lifetime };
  entry.fault = undefined;
  entry.failures = 0;
  entry.retryAt = 0;
}

function validToken({ token }: Entry, now: number): Entry['token'] {
  return token !== undefined && now < token.expiresAt ? token : undefined;
}

function unrefTimer(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
