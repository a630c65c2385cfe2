import { z } from 'zod';
import type { FieldProblem } from '../errors.js';
import { isReservedHeader, parseHeaderName } from './header-name.js';
import { parsedText } from './parsed-text.js';
import { parseUpstreamUrl } from './upstream-url.js';

declare const brand: unique symbol;

/** An encrypted secret, `v1.<base64url>`. The catalog never holds any other form of it. */
export type SealedText = string & { readonly [brand]: 'SealedText' };

/** Tries to read a sealed secret; undefined when the key has changed since, or the text was tampered with. */
export type OpenSecret = (sealed: SealedText, context: string) => string | undefined;

const sealedText = z
  .string()
  .max(32_768)
  .regex(/^v1\.[A-Za-z0-9_-]{38,}$/, 'must be a sealed secret (set it through the API)')
  .transform((text) => text as SealedText);

const headerName = parsedText(parseHeaderName);
/** A header that the registry and nginx may set for an upstream. */
const ownHeaderName = headerName.refine(
  (name) => !isReservedHeader(name),
  'must not be a header that the protocol or the gateway sets itself (Host, Cookie, Content-*, Mcp-*, X-Forwarded-* and the like)',
);

const MAX_SECRET = 4096;
/** `writeOnly` tells readers of the OpenAPI document that no answer has the field. */
const secret = (rule: RegExp, message: string, description: string) =>
  z
    .string()
    .max(MAX_SECRET, `must be at most ${MAX_SECRET} characters long`)
    .regex(rule, message)
    .optional()
    .meta({ description: `${description} Left out: the stored one stays.`, writeOnly: true });

const bearerToken = secret(
  /^[\x21-\x7e]+$/,
  'must be the bare token, without "Bearer", blanks, control or non-ASCII characters',
  'Sent as `Authorization: Bearer ...`.',
);
const basicPassword = secret(
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  /^[^\x00-\x1f\x7f-\x9f]*$/,
  'must not contain control characters',
  'May be empty.',
);
const headerValue = secret(
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
  'must be visible ASCII without blanks at its ends',
  'The whole value of the header.',
);
/** RFC 6749, appendix A.2. */
const clientSecret = secret(/^[\x20-\x7e]+$/, 'must be visible ASCII', 'Of the OAuth client.');

/** RFC 7617: a colon would end the name. */
const basicUsername = z
  .string()
  .min(1, 'must not be empty')
  .max(256, 'must be at most 256 characters long')
  .refine((name) => !/[:\p{Cc}]/u.test(name), 'must not contain ":" or control characters');

const oauthFields = {
  tokenUrl: parsedText(parseUpstreamUrl).meta({
    description:
      'Where the gateway gets its tokens. What is refused as `url` is refused here, too.',
  }),
  clientId: z
    .string()
    .max(512, 'must be at most 512 characters long')
    .regex(/^[\x20-\x7e]+$/, 'must be visible ASCII'),
  /** RFC 6749, section 3.3. */
  scope: z
    .string()
    .max(1000, 'must be at most 1000 characters long')
    .regex(
      /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/,
      'must be scopes of visible ASCII without quotes and backslashes, one blank between two',
    )
    .optional(),
  /** RFC 8707, section 2: an absolute URI without a fragment. */
  resource: z
    .string()
    .max(2048, 'must be at most 2048 characters long')
    .regex(/^[\x21-\x7e]+$/, 'must be a URI without blanks, control or non-ASCII characters')
    .refine(
      (text) => URL.canParse(text) && !text.includes('#'),
      'must be an absolute URI without a fragment',
    )
    .optional(),
  method: z
    .enum(['basic', 'post'])
    .default('basic')
    .meta({ description: 'How the client authenticates (RFC 6749, section 2.3.1).' }),
};

const passThrough = z.strictObject({
  type: z.literal('pass-through'),
  from: headerName
    .refine((name) => name.toLowerCase() !== 'cookie', 'must not be Cookie: it never leaves')
    .meta({ description: 'The header of the client whose value is passed on.' }),
  to: ownHeaderName
    .default('Authorization')
    .meta({ description: 'The name under which the upstream gets it.' }),
});

const none = z.strictObject({ type: z.literal('none') });

const MAX_HEADERS = 10;
const headerList = <T extends z.ZodType<{ readonly name: string }>>(entry: T) =>
  z
    .array(entry)
    .min(1, 'must be at least 1 header')
    .max(MAX_HEADERS, `must be at most ${MAX_HEADERS} headers`)
    .refine(
      (headers) => new Set(headers.map(({ name }) => name.toLowerCase())).size === headers.length,
      'must not name a header twice (case does not count)',
    );

const AUTH_TYPES = [
  'none',
  'bearer',
  'basic',
  'headers',
  'oauth-client-credentials',
  'pass-through',
] as const;

const WRONG_TYPE = `must be an object with a "type" of ${AUTH_TYPES.map((type) => `"${type}"`).join(', ')}`;

/** How the gateway proves itself to an upstream, as `POST`, `PUT` and `PATCH` take it: secrets are plain text. */
export const authInputSchema = z.discriminatedUnion(
  'type',
  [
    none,
    z.strictObject({ type: z.literal('bearer'), token: bearerToken }),
    z.strictObject({
      type: z.literal('basic'),
      username: basicUsername,
      password: basicPassword,
    }),
    z.strictObject({
      type: z.literal('headers'),
      headers: headerList(z.strictObject({ name: ownHeaderName, value: headerValue })),
    }),
    z.strictObject({
      type: z.literal('oauth-client-credentials'),
      ...oauthFields,
      clientSecret,
    }),
    passThrough,
  ],
  { error: WRONG_TYPE },
);

/** What every credential with secrets has besides them. */
const kept = {
  /** Of the credential: what its secrets are bound to, whatever path the server has. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** When a secret was last set. ISO 8601. */
  changedAt: z.iso.datetime(),
};

/** How the gateway proves itself to an upstream, as it is stored: secrets are sealed. */
export const authSchema = z.discriminatedUnion('type', [
  none,
  z.strictObject({ type: z.literal('bearer'), ...kept, token: sealedText }),
  z.strictObject({
    type: z.literal('basic'),
    ...kept,
    username: basicUsername,
    password: sealedText,
  }),
  z.strictObject({
    type: z.literal('headers'),
    ...kept,
    headers: headerList(z.strictObject({ name: ownHeaderName, value: sealedText })),
  }),
  z.strictObject({
    type: z.literal('oauth-client-credentials'),
    ...kept,
    ...oauthFields,
    clientSecret: sealedText,
  }),
  passThrough,
]);

export type AuthInput = z.output<typeof authInputSchema>;
export type Auth = z.output<typeof authSchema>;
export type AuthType = Auth['type'];
export type AuthOf<T extends AuthType> = Extract<Auth, { readonly type: T }>;
/** Credentials that have secrets. */
export type KeptAuth = Exclude<Auth, AuthOf<'none' | 'pass-through'>>;

export const NO_AUTH: AuthOf<'none'> = Object.freeze({ type: 'none' });

/** Whether the registry holds secrets for the upstream: then nginx is given a file with its headers. */
export function hasSecrets(auth: Auth): auth is KeptAuth {
  return auth.type !== 'none' && auth.type !== 'pass-through';
}

/**
 * What a sealed secret is bound to, so that one cannot be put in the place of another.
 * @param field e.g. `token`, of a header `headers.<name>`
 */
export function secretContext(id: string, field: string): string {
  return `${id}/${field.toLowerCase()}`;
}

/** All sealed secrets of a credential with what they are bound to. */
export function secretsOf(
  auth: Auth,
): readonly { readonly sealed: SealedText; readonly context: string }[] {
  const one = (id: string, field: string, sealed: SealedText) => ({
    sealed,
    context: secretContext(id, field),
  });
  switch (auth.type) {
    case 'none':
    case 'pass-through':
      return [];
    case 'bearer':
      return [one(auth.id, 'token', auth.token)];
    case 'basic':
      return [one(auth.id, 'password', auth.password)];
    case 'headers':
      return auth.headers.map(({ name, value }) => one(auth.id, `headers.${name}`, value));
    case 'oauth-client-credentials':
      return [one(auth.id, 'clientSecret', auth.clientSecret)];
  }
}

/**
 * What is wrong with a server's `auth` in the light of its other fields. Clients of a server that wants
 * a token of the gateway send that in Authorization: passed on, it would be the upstream's to use.
 */
export function faultOfAuth(server: {
  readonly access: 'authenticated' | 'public';
  readonly auth: Auth;
}): FieldProblem | undefined {
  const { access, auth } = server;
  if (auth.type !== 'pass-through' || access === 'public') return undefined;
  if (auth.from.toLowerCase() !== 'authorization') return undefined;
  return {
    field: 'auth.from',
    message:
      'must not be Authorization while access is "authenticated": it carries the gateway\'s own token then; let clients send the credential in another header, such as X-Upstream-Authorization, or set access to "public"',
  };
}

/** The headers that a kept credential consists of, as they are written. */
export function credentialHeaders(auth: KeptAuth): readonly string[] {
  return auth.type === 'headers' ? auth.headers.map(({ name }) => name) : ['Authorization'];
}
