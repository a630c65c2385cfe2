import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../registry/config/config.js';
import { readConfig } from '../../../registry/config/read-config.js';

function fieldsOf(environment: Readonly<Record<string, string>>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return thrown.problems.map(({ field }) => field).sort();
  }
}

describe('what is wrong with the environment', () => {
  it('is told at once, whether of one variable, of several or of the machine', () => {
    const wrong = {
      LOG_LEVEL: 'loud',
      ALLOWED_HOSTS: 'https://a.example.com',
      ALLOWED_ORIGINS: 'a.example.com',
      TRUSTED_PROXIES: 'proxy',
      UPSTREAM_ALLOW: '10.0.0.0/99',
      PUBLIC_URL: 'https://a.example.com/?b',
      TLS_CERT_FILE: '/nowhere/cert.pem',
      GATEWAY_TLS_PORT: '8443',
      OIDC_CLIENT_ID: 'mcp',
    };
    const withPartner = { EMBEDDINGS_MODEL: 'small', REGISTRY_PORT: '8080' };
    const told = [...Object.keys(wrong), 'EMBEDDINGS_URL', 'GATEWAY_PORT'];
    expect(fieldsOf({ ...wrong, ...withPartner })).toEqual(told.sort());
  });

  it.each([
    [{ REGISTRY_PORT: 'abc' }, 'REGISTRY_PORT: "abc" must be a whole number from 1 to 65535'],
    [{ GATEWAY_PORT: '70000' }, 'GATEWAY_PORT: "70000" must be a whole number from 1 to 65535'],
    [
      { AUDIT_MAX_BYTES: '1.5' },
      'AUDIT_MAX_BYTES: "1.5" must be a whole number of at least 1048576',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: "loud" must be error or warn or info or debug'],
    [{ METRICS_PUBLIC: 'yes' }, 'METRICS_PUBLIC: "yes" must be true or false'],
    [
      { REGISTRY_HOST: '999.1.1.1' },
      'REGISTRY_HOST: "999.1.1.1" is no IP address, and no host name',
    ],
    [{ GATEWAY_HOST: '::1::' }, 'GATEWAY_HOST: "::1::" is no IP address, and no host name'],
  ])('is told with the value and what it may be: %j', (environment, words) => {
    expect(() => readConfig(environment)).toThrow(words);
  });

  it('is not what addresses, ranges and hosts there are', () => {
    const networks = '10.0.0.0/8 192.0.2.1, ::1 2001:db8::/32';
    const UPSTREAM_ALLOW = `${networks} weather my_service.internal [::1]`;
    expect(fieldsOf({ TRUSTED_PROXIES: networks, UPSTREAM_ALLOW })).toEqual([]);
    expect(fieldsOf({ TRUSTED_PROXIES: '10.0.0.0/33' })).toEqual(['TRUSTED_PROXIES']);
    expect(fieldsOf({ TRUSTED_PROXIES: '10.0.0.300' })).toEqual(['TRUSTED_PROXIES']);
    expect(fieldsOf({ UPSTREAM_ALLOW: '*.internal' })).toEqual(['UPSTREAM_ALLOW']);
  });

  it.each([
    { OIDC_ISSUER: 'nowhere', OIDC_CLIENT_ID: 'mcp' },
    { GATEWAY_TLS_PORT: 'https', TLS_HSTS_MAX_AGE: '0' },
    { GATEWAY_PORT: '7860', REGISTRY_PORT: 'http' },
    { EMBEDDINGS_URL: 'nowhere', EMBEDDINGS_MODEL: 'small', EMBEDDINGS_API_KEY: 'key-of-ours' },
  ])('is not told of those that only meet a wrong one: %j', (environment) => {
    expect(fieldsOf(environment)).toHaveLength(1);
  });
});
