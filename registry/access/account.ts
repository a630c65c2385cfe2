import { z } from 'zod';
import { groupName, ROLES, SCOPES } from './principal.js';

/** Somebody who can log in: with a password, or through the identity provider. */
export const accountSchema = z.strictObject({
  username: z.string().min(1).max(128),
  /** argon2id in PHC string format. Absent: the account has no password. */
  passwordHash: z.string().startsWith('$argon2id$').optional(),
  /** Absent: a local account. Else the subject at the identity provider. */
  oidc: z.strictObject({ issuer: z.string(), subject: z.string() }).optional(),
  displayName: z.string().max(200).optional(),
  roles: z.array(z.enum(ROLES)),
  groups: z.array(groupName).default([]),
  /** Set: neither the account nor its tokens are let in. */
  disabled: z.boolean().default(false),
  /** Sessions that began before this are over: of a changed password, or when all were ended. ISO 8601. */
  sessionsSince: z.iso.datetime().optional(),
  /** Set: a session of the account is good for nothing but choosing a new password. */
  mustChangePassword: z.boolean().optional(),
  createdAt: z.iso.datetime(),
});
export type Account = Readonly<z.output<typeof accountSchema>>;

/** A bearer token. Only the SHA-256 of it is kept (hex). */
export const tokenRecordSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(120),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  owner: z.string().min(1).max(128),
  /** What it is good for at the API. */
  scopes: z.array(z.enum(SCOPES)),
  /** What it is good for at the gateway: the servers and tools of these groups. */
  groups: z.array(groupName).default([]),
  /** Path of the one server that it is for; absent: the whole gateway. */
  server: z.string().max(200).optional(),
  createdAt: z.iso.datetime(),
  /** Absent: it does not expire. */
  expiresAt: z.iso.datetime().optional(),
});
export type TokenRecord = Readonly<z.output<typeof tokenRecordSchema>>;
