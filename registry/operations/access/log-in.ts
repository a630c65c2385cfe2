import { z } from 'zod';
import type { Authenticator } from '../../access/authenticator.js';
import { MAX_PASSWORD_LENGTH } from '../../access/credentials.js';
import type { LoginThrottle } from '../../access/login-throttle.js';
import type { Principal } from '../../access/principal.js';
import { RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import { validate } from '../validate.js';

export const credentialsSchema = z.strictObject({
  username: z.string().min(1).max(128),
  password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
});

/**
 * Checks a user name and a password that come from `address`.
 * @throws RegistryError `validation-failed`, `invalid-credentials`, `too-many-attempts`
 */
export type LogIn = (input: unknown, address: string) => Promise<Principal>;

export function createLogIn(deps: {
  readonly authenticator: Pick<Authenticator, 'ofPassword'>;
  readonly throttle: LoginThrottle;
  readonly log: Log;
}): LogIn {
  const { authenticator, throttle, log } = deps;
  return async (input, address) => {
    const { username, password } = validate(credentialsSchema, input);
    throttle.begin(username, address);
    const principal = await authenticator.ofPassword(username, password);
    if (principal === undefined) {
      // The name is not logged: people type their password into the wrong field.
      log.warn('A log-in failed.', { address });
      throw new RegistryError('invalid-credentials', 'User name or password is wrong.');
    }
    throttle.succeeded(username, address);
    log.info('Logged in.', { username: principal.username, address });
    return principal;
  };
}
