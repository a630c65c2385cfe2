import { describe, expect, it } from '@jest/globals';
import { addServer, EMPTY_CATALOG, updateServer } from '../../../registry/catalog/catalog.js';
import { serverInputSchema, serverSchema } from '../../../registry/catalog/server.js';
import { credentialFileName } from '../../../registry/catalog/credential-file-name.js';
import {
  authInputSchema,
  authSchema,
  NO_AUTH,
  secretsOf,
  type Auth,
} from '../../../registry/catalog/server-auth.js';
import type { ServerPath } from '../../../registry/catalog/server-path.js';
import { basic, bearer, headers, oauth } from '../../fixtures/stored-auth.js';

const header = (name: unknown, value: unknown = 'x') => ({
  type: 'headers',
  headers: [{ name, value }],
});
const OAUTH = {
  type: 'oauth-client-credentials',
  tokenUrl: 'https://login.example.com/token',
  clientId: 'me',
  clientSecret: 'hush',
};

describe('a credential as people write it', () => {
  it.each([
    [{ type: 'none' }],
    [{ type: 'bearer', token: 'sk-123_~+/=' }],
    [{ type: 'bearer' }],
    [{ type: 'basic', username: 'jane doe', password: 'ä b:c' }],
    [{ type: 'basic', username: 'key', password: '' }],
    [header('X-Api-Key', 'ApiKey abc def')],
    [header('Authorization', 'ApiKey abc')],
    [header('X_API_KEY')],
    [{ type: 'headers', headers: [{ name: 'X-Kept' }] }],
    [OAUTH],
    [{ ...OAUTH, scope: 'a b:c', resource: 'https://mcp.example.com/', method: 'post' }],
    [{ type: 'pass-through', from: 'X-Upstream-Authorization' }],
    [{ type: 'pass-through', from: 'Authorization', to: 'X-Token' }],
  ])('may be %j', (input) => {
    expect(authInputSchema.safeParse(input).error).toBeUndefined();
  });

  it('has defaults where one choice is the usual one', () => {
    expect(authInputSchema.parse(OAUTH)).toMatchObject({ method: 'basic' });
    const passThrough = { type: 'pass-through', from: 'X-Key' };
    expect(authInputSchema.parse(passThrough)).toEqual({ ...passThrough, to: 'Authorization' });
  });

  it.each([
    ['an unknown type', { type: 'digest' }],
    ['no type', {}],
    ['an unknown field', { type: 'none', token: 'x' }],
    ['a token with its scheme', { type: 'bearer', token: 'Bearer x' }],
    ['a token with a line break', { type: 'bearer', token: 'x\r\nHost: evil' }],
    ['an empty token', { type: 'bearer', token: '' }],
    ['a token that fits no header', { type: 'bearer', token: 'x'.repeat(4097) }],
    ['a user name with a colon', { type: 'basic', username: 'a:b', password: 'x' }],
    ['a password with a control character', { type: 'basic', username: 'a', password: 'x\ny' }],
    ['no headers', { type: 'headers', headers: [] }],
    ['a header twice', { type: 'headers', headers: [{ name: 'X-A' }, { name: 'x-a' }] }],
    [
      'too many headers',
      { type: 'headers', headers: Array.from({ length: 11 }, (_, i) => ({ name: `X-${i}` })) },
    ],
    ['a value with a line break', header('X-A', 'a\nb')],
    ['a value with blanks around it', header('X-A', ' a')],
    ['a value that is not ASCII', header('X-A', 'é')],
    ['a token endpoint that is no URL', { ...OAUTH, tokenUrl: 'login.example.com' }],
    ['a token endpoint with a password', { ...OAUTH, tokenUrl: 'https://a:b@login.example.com' }],
    ['a scope with a quote', { ...OAUTH, scope: 'a "b"' }],
    ['a resource with a fragment', { ...OAUTH, resource: 'https://a/#b' }],
    ['another method', { ...OAUTH, method: 'jwt' }],
    ['cookies that are passed on', { type: 'pass-through', from: 'cookie' }],
    ['a name that nginx would read otherwise', { type: 'pass-through', from: 'x$uri' }],
    ['a target that is the protocol’s', { type: 'pass-through', from: 'X-A', to: 'Host' }],
  ])('must not be %s', (_what, input) => {
    expect(authInputSchema.safeParse(input).success).toBe(false);
  });

  it.each([
    'Host',
    'connection',
    'Content-Length',
    'Transfer-Encoding',
    'Cookie',
    'Forwarded',
    'X-Forwarded-For',
    'X_Forwarded_For',
    'Mcp-Session-Id',
    'MCP-Protocol-Version',
    'Accept',
    'Accept-Encoding',
    'X-Request-Id',
    'Upgrade',
    'TE',
    'Proxy-Authorization',
    'Origin',
    'X-Accel-Redirect',
    'X A',
    'X:A',
    'X;A',
    '{{x}}',
    '',
  ])('must not set the header %j', (name) => {
    expect(authInputSchema.safeParse(header(name)).success).toBe(false);
  });
});

describe('a credential as it is stored', () => {
  it('holds sealed text alone', () => {
    const plain = { ...bearer('x'), token: 'a plain token that was long enough to look sealed' };
    expect(authSchema.safeParse(plain).success).toBe(false);
  });

  it.each([
    ['none', NO_AUTH, 0],
    ['bearer', bearer('x'), 1],
    ['basic', basic('a', 'b'), 1],
    ['headers', headers({ 'X-A': 'a', 'X-B': 'b' }), 2],
    ['oauth-client-credentials', oauth('https://login.example.com/token'), 1],
  ])('tells its secrets: %s', (_type, auth, count) => {
    expect(secretsOf(auth as Auth)).toHaveLength(count);
  });

  it('is none in a record of a time before credentials', () => {
    const record = { name: 'A', path: '/a', url: 'http://a/mcp' };
    const written = { ...serverInputSchema.parse(record), owner: 'admin', revision: 1 };
    const at = '2026-01-02T03:04:05.000Z';
    const read = serverSchema.parse({ ...written, createdAt: at, updatedAt: at });
    expect(read.auth).toEqual({ type: 'none' });
  });

  it('has a file that is named after the path, and no more than that', () => {
    expect(credentialFileName('/weather' as ServerPath)).toBe('2c5e562f590a2bd3d021603d2dde5a2e');
  });
});

describe('Authorization passed through', () => {
  const stamp = { by: 'admin', at: '2026-01-02T03:04:05.000Z', revision: 1 };
  const passThrough: Auth = { type: 'pass-through', from: 'authorization', to: 'Authorization' };
  const server = (access: 'public' | 'authenticated', auth: Auth) => ({
    ...serverInputSchema.parse({ name: 'A', path: '/a', url: 'http://a/mcp', access }),
    auth,
  });
  const path = '/a' as ServerPath;
  const refused = expect.objectContaining({
    code: 'validation-failed',
    problems: [expect.objectContaining({ field: 'auth.from' })],
  });

  it('is for servers that want no token of the gateway', () => {
    expect(() => addServer(EMPTY_CATALOG, server('public', passThrough), stamp)).not.toThrow();
    expect(() => addServer(EMPTY_CATALOG, server('authenticated', passThrough), stamp)).toThrow(
      refused,
    );
  });

  it('is refused whichever of the two fields is changed', () => {
    const open = addServer(EMPTY_CATALOG, server('public', passThrough), stamp);
    expect(() => updateServer(open, path, { access: 'authenticated' }, stamp)).toThrow(refused);
    const closed = addServer(EMPTY_CATALOG, server('authenticated', NO_AUTH), stamp);
    expect(() => updateServer(closed, path, { auth: passThrough }, stamp)).toThrow(refused);
    const both = { access: 'authenticated', auth: NO_AUTH } as const;
    expect(updateServer(open, path, both, stamp).servers.get(path)?.access).toBe('authenticated');
  });

  it('is not believed in a stored record either', () => {
    const { servers } = addServer(EMPTY_CATALOG, server('public', passThrough), stamp);
    const record = { ...servers.get(path), access: 'authenticated' };
    expect(serverSchema.safeParse(record).error?.issues[0]?.path).toEqual(['auth', 'from']);
  });

  it('is free to use another header', () => {
    const other: Auth = { type: 'pass-through', from: 'X-Key', to: 'Authorization' };
    expect(() => addServer(EMPTY_CATALOG, server('authenticated', other), stamp)).not.toThrow();
  });
});
