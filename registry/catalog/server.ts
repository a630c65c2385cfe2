import { z } from 'zod';
import { parsedText } from './parsed-text.js';
import { authInputSchema, authSchema, faultOfAuth, NO_AUTH, type Auth } from './server-auth.js';
import { limitsSchema, NO_LIMITS } from './server-limits.js';
import { originSchema, type ServerOrigin } from './server-origin.js';
import { NO_REPOSITORY, parseRepositoryUrl } from './repository.js';
import { parseServerPath } from './server-path.js';
import { parseUpstreamUrl } from './upstream-url.js';

/** Control characters, line separators and bidirectional overrides have no place in a line of text. */
const HIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** In longer text, line breaks and tabs are welcome. */
const HIDDEN_BUT_BREAKS = /(?![\n\r\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters long`)
    .refine((text) => !HIDDEN.test(text), 'must not contain control or bidirectional characters');

const TAG = /^[a-z0-9][a-z0-9._-]{0,39}$/;
const PEM = /^(?:\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;
const HOST_HEADER = /^(?:upstream|client|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?)$/;

export const TRANSPORTS = ['auto', 'streamable-http', 'sse'] as const;
export const ACCESS_MODES = ['authenticated', 'public'] as const;
export type Transport = (typeof TRANSPORTS)[number];
/** A transport that a server really speaks. */
export type SpokenTransport = Exclude<Transport, 'auto'>;
/** 2024-11-05 to 2025-11-25 are `legacy`, 2026-07-28 and later `modern`. */
export type Era = 'legacy' | 'modern';

const tlsFields = {
  /** Whether certificates of an https upstream are verified. */
  verify: z.boolean(),
  /** PEM bundle that replaces the system's trust store for this server. */
  caPem: z
    .string()
    .max(256 * 1024, 'must be at most 256 KiB long')
    .regex(PEM, 'must be one or more PEM blocks "-----BEGIN CERTIFICATE-----"')
    .optional(),
};

/** The fields an operator writes, without defaults. */
const written = {
  name: line(120),
  path: parsedText(parseServerPath),
  url: parsedText(parseUpstreamUrl).meta({
    description:
      'The MCP endpoint itself, or the base of the server. Refused are metadata and link-local addresses, the ports of the registry and the gateway, and with `UPSTREAM_POLICY=strict` what `UPSTREAM_ALLOW` does not name. A name that only resolves to such an address is registered, and left out of the configuration with the reason in `exclusion`.',
  }),
  description: z
    .string()
    .trim()
    .max(4000, 'must be at most 4000 characters long')
    .refine(
      (text) => !HIDDEN_BUT_BREAKS.test(text),
      'must not contain control or bidirectional characters',
    ),
  repository: parsedText(parseRepositoryUrl).meta({
    description: 'Where its source is, such as https://github.com/acme/weather; empty: unknown.',
  }),
  tags: z
    .array(z.string().regex(TAG, 'must be lower-case letters, digits, ".", "-", "_", at most 40'))
    .max(32, 'must be at most 32 tags')
    .transform((tags) => [...new Set(tags)]),
  transport: z.enum(TRANSPORTS),
  enabled: z.boolean(),
  access: z.enum(ACCESS_MODES),
  timeoutSeconds: z.int().min(1).max(86_400),
  maxBodyBytes: z
    .int()
    .min(1024)
    .max(1024 ** 3),
  hostHeader: z
    .string()
    .max(255)
    .regex(HOST_HEADER, 'must be "upstream", "client" or a lower-case host with an optional port'),
  tls: z.strictObject(tlsFields),
  limits: limitsSchema,
};

const authInput = authInputSchema.optional().meta({
  description:
    'How the gateway proves itself to the upstream; `none` unless told otherwise. Secrets are never shown: a change that leaves them out, or leaves out `auth`, keeps them.',
});

export const SERVER_DEFAULTS = {
  description: '',
  repository: NO_REPOSITORY,
  tags: [],
  transport: 'auto',
  enabled: false,
  access: 'authenticated',
  timeoutSeconds: 3600,
  maxBodyBytes: 10 * 1024 * 1024,
  hostHeader: 'upstream',
  tls: { verify: true },
  limits: NO_LIMITS,
} as const satisfies Partial<z.input<z.ZodObject<typeof written>>>;

/** A server as `POST` and `PUT` take it: name, path and url are required, the rest has defaults. */
export const serverInputSchema = z.strictObject({
  ...written,
  description: written.description.default(SERVER_DEFAULTS.description),
  repository: written.repository.default(SERVER_DEFAULTS.repository),
  tags: written.tags.default([...SERVER_DEFAULTS.tags]),
  transport: written.transport.default(SERVER_DEFAULTS.transport),
  enabled: written.enabled.default(SERVER_DEFAULTS.enabled),
  access: written.access.default(SERVER_DEFAULTS.access),
  timeoutSeconds: written.timeoutSeconds.default(SERVER_DEFAULTS.timeoutSeconds),
  maxBodyBytes: written.maxBodyBytes.default(SERVER_DEFAULTS.maxBodyBytes),
  hostHeader: written.hostHeader.default(SERVER_DEFAULTS.hostHeader),
  tls: z
    .strictObject({ ...tlsFields, verify: tlsFields.verify.default(true) })
    .default(SERVER_DEFAULTS.tls),
  limits: written.limits.default(SERVER_DEFAULTS.limits),
  auth: authInput,
});

/** What `PATCH` takes: any of the fields, and no defaults. */
export const serverPatchSchema = z.strictObject({ ...written, auth: authInput }).partial();

/** What a change of one server takes: also who is to own it. */
export const serverChangeSchema = serverPatchSchema.extend({
  owner: z
    .string()
    .min(1, 'must not be empty')
    .max(255, 'must be at most 255 characters long')
    .optional()
    .meta({
      description:
        'The user who is to own it from now on; for those who may change the servers of everybody.',
    }),
});

const storedFields = {
  ...written,
  /** Files of the first version have none of these. */
  repository: written.repository.default(SERVER_DEFAULTS.repository),
  limits: written.limits.default(NO_LIMITS),
  auth: authSchema.default(NO_AUTH),
  origin: originSchema.optional(),
  /** Name of the user who registered it, or was given it. */
  owner: z.string().min(1).max(255),
  /** Revision of the catalog in which this server was last changed; its entity tag. */
  revision: z.int().nonnegative(),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  /** When it got the path that it has; absent: when it was created. */
  movedAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime(),
};

/** A server as it is stored. */
export const serverSchema = z.strictObject(storedFields).superRefine((server, context) => {
  const fault = faultOfAuth(server);
  if (fault === undefined) return;
  context.addIssue({ code: 'custom', path: fault.field.split('.'), message: fault.message });
});

type ServerInput = z.output<typeof serverInputSchema>;
export type ServerPatch = z.output<typeof serverPatchSchema>;
export type ServerChangeInput = z.output<typeof serverChangeSchema>;
interface Pulled {
  readonly origin?: ServerOrigin | undefined;
}
/** What the catalog takes of an input: its credential is sealed. */
export type NewServer = Readonly<Omit<ServerInput, 'auth'> & { auth: Auth } & Pulled>;
export type ServerUpdate = Readonly<
  Omit<ServerChangeInput, 'auth'> & { auth?: Auth | undefined } & Pulled
>;
export type Server = Readonly<z.output<typeof serverSchema>>;

/** Since when what happens at its path is about this server: earlier there may have been another one. */
export function beginAtPath({ createdAt, movedAt }: Pick<Server, 'createdAt' | 'movedAt'>): string {
  return movedAt ?? createdAt;
}
