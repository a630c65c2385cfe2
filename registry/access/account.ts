import { z } from 'zod';
import { ROLES, SCOPES } from './principal.js';

/** Somebody who can log in with a password. */
export const accountSchema = z.strictObject({
  username: z.string().min(1).max(128),
  /** argon2id in PHC string format. */
  passwordHash: z.string().startsWith('$argon2id$'),
  roles: z.array(z.enum(ROLES)),
  createdAt: z.iso.datetime(),
});
export type Account = Readonly<z.output<typeof accountSchema>>;

/** A bearer token. Only the SHA-256 of it is kept (hex). */
export const tokenRecordSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(120),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  owner: z.string().min(1).max(128),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.iso.datetime(),
  /** Absent: it does not expire. */
  expiresAt: z.iso.datetime().optional(),
});
export type TokenRecord = Readonly<z.output<typeof tokenRecordSchema>>;
