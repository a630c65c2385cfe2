import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../registry/config/config.js';
import { readConfig } from '../../../registry/config/read-config.js';

const ISSUER = 'https://login.example.com/realms/main/';

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return thrown.problems.map(({ field, message }) => `${field}: ${message}`);
  }
}

describe('the settings of the identity provider', () => {
  it('are none by default', () => {
    expect(readConfig({}).oidc).toBeUndefined();
  });

  it('may be the issuer alone, kept as it is written', () => {
    expect(readConfig({ OIDC_ISSUER: ISSUER }).oidc).toEqual({
      issuer: ISSUER,
      groupsClaim: 'groups',
    });
  });

  it('may be for log-in as well', () => {
    const environment = {
      OIDC_ISSUER: ISSUER,
      OIDC_CLIENT_ID: 'mcp',
      OIDC_CLIENT_SECRET: 'hunter2 and more',
      OIDC_SCOPES: 'openid,groups  email',
      OIDC_GROUPS_CLAIM: 'realm_access.roles',
      OIDC_ROLE_MAP: ' mcp-admins=admin , cn=ops = operator,',
    };
    expect(readConfig(environment).oidc).toEqual({
      issuer: ISSUER,
      groupsClaim: 'realm_access.roles',
      login: {
        clientId: 'mcp',
        clientSecret: 'hunter2 and more',
        scopes: 'openid groups email',
        usernameClaim: 'preferred_username',
        roleMap: [
          { group: 'mcp-admins', role: 'admin' },
          { group: 'cn=ops', role: 'operator' },
        ],
      },
    });
  });

  it.each([
    'http://localhost:9000',
    'http://127.0.0.1:9000/realms/x',
    'http://[::1]:9000',
    'https://login.example.com',
  ])('take the issuer %s', (issuer) => {
    expect(problemsOf({ OIDC_ISSUER: issuer })).toEqual([]);
  });

  it.each([
    [{ OIDC_ISSUER: 'login.example.com' }, /^OIDC_ISSUER: must be a URL/],
    [{ OIDC_ISSUER: 'http://login.example.com' }, /^OIDC_ISSUER: must be an https URL; http is/],
    [{ OIDC_ISSUER: 'http://localhost.example.com' }, /must be an https URL/],
    [{ OIDC_ISSUER: 'https://me@login.example.com' }, /must not have a user name/],
    [{ OIDC_ISSUER: 'https://login.example.com?a=b' }, /must not have a user name, query/],
    [{ OIDC_CLIENT_ID: 'mcp' }, /^OIDC_CLIENT_ID: needs OIDC_ISSUER/],
    [{ OIDC_ISSUER: ISSUER, OIDC_CLIENT_SECRET: 'x' }, /^OIDC_CLIENT_SECRET: .*OIDC_CLIENT_ID/],
    [{ OIDC_ISSUER: ISSUER, OIDC_ROLE_MAP: 'a=admin' }, /^OIDC_ROLE_MAP: .*needs OIDC_CLIENT_ID/],
    [{ OIDC_CLIENT_SECRET: 'changeme' }, /placeholder/],
    [{ OIDC_SCOPES: 'profile' }, /^OIDC_SCOPES: must contain openid/],
    [{ OIDC_ROLE_MAP: 'a=root' }, /^OIDC_ROLE_MAP.*"a=root" must be <group>=<role>.*viewer/],
    [{ OIDC_ROLE_MAP: '=admin' }, /OIDC_ROLE_MAP/],
    [{ OIDC_ROLE_MAP: 'admin' }, /OIDC_ROLE_MAP/],
  ])('%j are refused with the reason', (environment, reason) => {
    expect(problemsOf(environment as Record<string, string>).join('\n')).toMatch(reason);
  });
});
