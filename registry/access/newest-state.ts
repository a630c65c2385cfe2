import { RegistryError } from '../errors.js';
import type { RegistryState, Store } from '../store/store.js';

/** Groups and accounts change now and then, and hardly ever twice while one record is written. */
const TRIES = 5;

/**
 * Tells the gate something that follows from groups and accounts, and again when they changed meanwhile.
 * @param attempt tells it from this state; false when that is no longer the newest
 * @throws RegistryError `gateway-unavailable` when they never keep still, and what `attempt` throws
 */
export async function fromNewestState(
  store: Pick<Store, 'state'>,
  attempt: (state: RegistryState) => Promise<boolean>,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) if (await attempt(store.state())) return;
  throw new RegistryError(
    'gateway-unavailable',
    'Groups or accounts change faster than the gateway can be told of this call; try again in a moment.',
  );
}
