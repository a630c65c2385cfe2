import { describe, expect, it } from '@jest/globals';
import type { ServerProbe } from '../../../../public/api/probe';
import { findingsOf } from '../../../../public/pages/register/probe-findings';

const found = (health: ServerProbe['health'], change: Partial<ServerProbe> = {}): ServerProbe => ({
  health,
  capabilities: [],
  tools: [],
  prompts: [],
  resources: [],
  warnings: [],
  durationMs: 12.4,
  ...change,
});
const texts = (result: ServerProbe, tried: Partial<Parameters<typeof findingsOf>[1]> = {}) =>
  Object.fromEntries(
    findingsOf(result, { url: 'https://a/mcp', verify: true, auth: 'none', ...tried }).map(
      ({ label, text, mood }) => [label, `${mood}: ${text}`],
    ),
  );

describe('what a connection test says', () => {
  it('of a server that works', () => {
    const result = found(
      { reachable: 'yes', usable: 'ok' },
      {
        era: 'modern',
        protocolVersion: '2026-07-28',
        transport: 'streamable-http',
        endpoint: 'https://a/mcp',
        serverInfo: { name: 'a', version: '1.2' },
      },
    );
    expect(texts(result, { auth: 'bearer' })).toEqual({
      Answer: 'good: It works, in 12 ms',
      Endpoint: 'plain: https://a/mcp',
      Protocol: 'plain: Streamable HTTP, 2026-07-28, modern (2026-07-28 and later)',
      Server: 'plain: a 1.2',
      TLS: 'good: The certificate was verified',
      Credentials: 'good: The server takes them',
    });
  });

  it.each<[ServerProbe['health'], Parameters<typeof texts>[1], object]>([
    [
      { reachable: 'no', usable: 'error', cause: 'tls', message: 'self-signed certificate' },
      {},
      { TLS: 'bad: self-signed certificate', Credentials: 'plain: Not known' },
    ],
    [
      { reachable: 'no', usable: 'error', cause: 'tcp', message: 'refused' },
      { url: 'http://a' },
      { Answer: 'bad: It cannot be reached: refused' },
    ],
    [
      { reachable: 'yes', usable: 'auth-required', cause: 'auth-required' },
      {},
      { Credentials: 'bad: The server wants some, and none are given' },
    ],
    [
      { reachable: 'yes', usable: 'auth-required', cause: 'auth-required' },
      { auth: 'bearer' },
      { Credentials: 'bad: The server did not take those that are given' },
    ],
    [
      { reachable: 'yes', usable: 'error', cause: 'protocol-error', message: 'HTML' },
      { verify: false },
      {
        Answer: 'bad: It answers, and not as an MCP server should: HTML',
        TLS: 'warn: Encrypted; the certificate was not verified',
      },
    ],
  ])('of %j', (health, tried, expected) => {
    expect(texts(found(health), tried)).toMatchObject(expected);
  });
});
