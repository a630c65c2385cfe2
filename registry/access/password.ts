import { hash, verify } from '@node-rs/argon2';

/**
 * RFC 9106 argon2id with the parameters that OWASP names as the minimum. The library's default
 * algorithm is argon2id; its enum cannot be named here because it is erased before run time.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Of a forgotten random password: it costs what a real one costs and matches nothing. */
const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$HWLkmtjxnt+/Ixa/GQQywA$xqJXDSAHecUYyOsjuLNHEqIZs6hz9LfIykLS0uIpIuI';

/** @returns the PHC string to store */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/**
 * Whether the password belongs to the hash. Without a hash (nobody has that name) the same work is
 * done and the answer is no, so that the time taken does not tell who has an account.
 */
export async function verifyPassword(
  passwordHash: string | undefined,
  password: string,
): Promise<boolean> {
  const matches = await verify(passwordHash ?? DUMMY_HASH, password);
  return matches && passwordHash !== undefined;
}
