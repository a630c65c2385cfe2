import './no-compiled-checks';
import { RegistryError } from '../../registry/errors.js';
import { faultOfAuth, type Auth } from '../../registry/catalog/server-auth.js';
import { serverInputSchema } from '../../registry/catalog/server.js';
import { validate } from '../../registry/operations/validate.js';
import type { FieldError } from '../api/problem';

export { parseServerPath } from '../../registry/catalog/server-path.js';

/**
 * What the API would say of a server before it registers it, in its own words: these are its own rules. What depends on
 * stored secrets and on other servers it alone knows.
 */
export function faultsOfServer(input: unknown): readonly FieldError[] {
  try {
    const { access, auth } = validate(serverInputSchema, input);
    // Only what is no secret is looked at.
    const fault = auth && faultOfAuth({ access, auth: auth as Auth });
    return fault === undefined ? [] : [fault];
  } catch (error) {
    if (error instanceof RegistryError) return error.problems;
    throw error;
  }
}
