import { describe, expect, it } from '@jest/globals';
import { redactChangedFields, redactFields } from '../../../registry/audit/redact.js';

const SEALED = `v1.${'a'.repeat(60)}`;
const OTHER = `v1.${'b'.repeat(60)}`;

describe('fields as the audit log shows them', () => {
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['name', 'Weather', 'Weather'],
    ['passwordHash', '$argon2id$v=19$m=1$abc', '[set]'],
    ['password', 'hunter2', '[set]'],
    ['sha256', 'a'.repeat(64), '[set]'],
    ['token', 'x', '[set]'],
    ['clientSecret', 'x', '[set]'],
    ['note', `see mcpgw_${'a'.repeat(40)}_abcdef`, '[set]'],
    ['anything', SEALED, '[set]'],
    ['tools', ['get', 'token'], ['get', 'token']],
    ['tokenUrl', 'https://id/token', 'https://id/token'],
    ['url', 'https://x/mcp?api_key=abc&v=2', 'https://x/mcp?api_key=[set]&v=2'],
    [
      'tls',
      { verify: true, caPem: 'x'.repeat(1204) },
      { verify: true, caPem: '[1204 characters]' },
    ],
    [
      'auth',
      { type: 'headers', headers: [{ name: 'X-Key', value: SEALED }] },
      { type: 'headers', headers: [{ name: 'X-Key', value: '[set]' }] },
    ],
    ['description', 'x'.repeat(4000), `${'x'.repeat(1000)}[3000 more characters]`],
    ['enabled', false, false],
  ];

  it.each(cases)('%s', (name, value, shown) => {
    expect(redactFields({ [name]: value })).toEqual({ [name]: shown });
  });

  it('tell a secret that has changed from one that has not', () => {
    const auth = (token: string) => ({ auth: { type: 'basic', username: 'ada', password: token } });
    expect(redactChangedFields(auth(OTHER), auth(SEALED)).auth).toMatchObject({
      username: 'ada',
      password: '[changed]',
    });
    expect(redactChangedFields(auth(SEALED), auth(SEALED)).auth).toMatchObject({
      password: '[set]',
    });
    expect(redactChangedFields({ passwordHash: 'b' }, { passwordHash: 'a' })).toEqual({
      passwordHash: '[changed]',
    });
  });

  it('tell which of several headers has changed', () => {
    const auth = (value: string) => ({
      headers: [
        { name: 'A', value: SEALED },
        { name: 'B', value },
      ],
    });
    expect(redactChangedFields(auth(OTHER), auth(SEALED)).headers).toEqual([
      { name: 'A', value: '[set]' },
      { name: 'B', value: '[changed]' },
    ]);
  });
});
