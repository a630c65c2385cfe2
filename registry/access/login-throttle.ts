import ipaddr from 'ipaddr.js';
import { RegistryError } from '../errors.js';

/** Refuses a log-in before the password is looked at. */
export class TooManyAttemptsError extends RegistryError {
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(
      'too-many-attempts',
      `Too many log-ins failed. Wait ${retryAfterSeconds} seconds before the next attempt.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface LoginThrottle {
  /**
   * Counts an attempt as failed until `succeeded` takes it back: passwords take time to check, and
   * attempts made meanwhile must not slip through.
   * @throws TooManyAttemptsError
   */
  begin(account: string, address: string): void;
  succeeded(account: string, address: string): void;
}

const DEFAULTS = { windowMs: 5 * 60_000, perPair: 5, perAddress: 20, maxKeys: 10_000 };

/**
 * Limits failed log-ins in a sliding window by account and address together, so that nobody can
 * lock somebody else out, and by address alone, so that one address cannot try many accounts.
 */
export function createLoginThrottle(deps: {
  readonly clock: () => Date;
  readonly limits?: Partial<typeof DEFAULTS>;
}): LoginThrottle {
  const { windowMs, perPair, perAddress, maxKeys } = { ...DEFAULTS, ...deps.limits };
  /** Times of attempts, oldest first. Keys are in the order of their last attempt. */
  const attempts = new Map<string, readonly number[]>();

  const recent = (key: string, now: number) =>
    (attempts.get(key) ?? []).filter((time) => time > now - windowMs);
  const remember = (key: string, times: readonly number[]) => {
    attempts.delete(key);
    if (times.length > 0) attempts.set(key, times);
    while (attempts.size > maxKeys) attempts.delete(attempts.keys().next().value ?? '');
  };
  const waitMs = (times: readonly number[], limit: number, now: number) => {
    const blocking = times.at(-limit);
    return blocking === undefined ? 0 : blocking + windowMs - now;
  };

  return {
    begin: (account, address) => {
      const now = deps.clock().getTime();
      const [pairKey, addressKey] = keysOf(account, address);
      const pair = recent(pairKey, now);
      const all = recent(addressKey, now);
      const wait = Math.max(waitMs(pair, perPair, now), waitMs(all, perAddress, now));
      if (wait > 0) throw new TooManyAttemptsError(Math.ceil(wait / 1000));
      remember(pairKey, [...pair, now]);
      remember(addressKey, [...all, now]);
    },
    succeeded: (account, address) => {
      const now = deps.clock().getTime();
      const [pairKey, addressKey] = keysOf(account, address);
      remember(pairKey, []);
      // Only this attempt is forgiven: a valid account must not buy more guesses at other ones.
      remember(addressKey, recent(addressKey, now).slice(0, -1));
    },
  };
}

function keysOf(account: string, address: string): readonly [string, string] {
  const network = networkOf(address);
  return [`${network} ${account.toLowerCase().slice(0, 128)}`, network];
}

/** One person commands a whole /64 of IPv6 addresses. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
