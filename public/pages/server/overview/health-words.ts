import type { Health, HealthCause } from '../../../../registry/upstream/health.js';

const CAUSES: Readonly<Record<HealthCause, string>> = {
  dns: 'Its host name has no address',
  tcp: 'No connection can be made',
  tls: 'The TLS handshake fails',
  timeout: 'It does not answer in time',
  'http-error': 'It answers with an HTTP error',
  redirect: 'It leads to another place',
  'rate-limited': 'It limits the rate of requests',
  'wrong-endpoint': 'There is no MCP endpoint at this address',
  'protocol-error': 'It does not speak MCP as it should',
  'auth-required': 'It asks for credentials',
  forbidden: 'It refuses the credentials of the gateway',
  'refused-by-policy': 'The outbound policy forbids its address',
  'credential-unreadable': 'Its stored credential cannot be read',
  'auth-token-failed': 'No token could be fetched for it',
};

export function causeText(cause: HealthCause): string {
  return CAUSES[cause];
}

/** How a check went, in one word for a row and a colour for a strip. */
export function checkResult({ reachable, usable, cause }: Health): {
  readonly label: string;
  readonly tone: 'good' | 'warning' | 'bad' | 'unknown';
} {
  if (reachable === 'no')
    return { label: cause === undefined ? 'No answer' : CAUSES[cause], tone: 'bad' };
  if (usable === 'error')
    return { label: cause === undefined ? 'An error' : CAUSES[cause], tone: 'bad' };
  if (usable === 'auth-required') return { label: CAUSES['auth-required'], tone: 'warning' };
  if (usable === 'ok') return { label: 'Healthy', tone: 'good' };
  return { label: 'Not known', tone: 'unknown' };
}
