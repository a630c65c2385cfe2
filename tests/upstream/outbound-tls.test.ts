import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { checkServer } from '../../registry/upstream/check-server.js';
import { createOutboundGuard } from '../../registry/upstream/outbound-guard.js';
import { legacyHandler, startMockServer, type MockServer } from './mock-server.js';
import { createPrivateCa, type PrivateCa } from './private-ca.js';
import { serverAt } from './watched-server.js';

let ca: PrivateCa;
const open: MockServer[] = [];

beforeAll(() => {
  ca = createPrivateCa();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(tls: PrivateCa['signed']): Promise<MockServer> {
  const server = await startMockServer(legacyHandler(), tls);
  open.push(server);
  return server;
}

function check(url: string, tls: { verify: boolean; caPem?: string }) {
  const guard = createOutboundGuard({
    policy: { mode: 'private-allowed', allow: [] },
    ownPorts: [],
    lookup: () => Promise.resolve(['127.0.0.1']),
  });
  return checkServer(
    { guard, timeoutMs: 2000, publicUrl: 'http://127.0.0.1:8080' },
    {
      server: serverAt(url, { tls }),
      wantsListing: () => true,
      signal: new AbortController().signal,
    },
  );
}

describe('an https upstream of a private authority', () => {
  it('is not trusted, and the message says what to do', async () => {
    const server = await start(ca.signed);
    const { assessment } = await check(`${server.origin}/mcp`, { verify: true });
    expect(assessment).toMatchObject({ reachable: 'no', usable: 'unknown', cause: 'tls' });
    expect(assessment.message).toContain('not trusted');
    expect(assessment.message).toContain('tls.caPem');
    expect(assessment.message).toContain('tls.verify');
  });

  it.each(['127.0.0.1', 'localhost'])('works at %s with its authority', async (host) => {
    const server = await start(ca.signed);
    const url = `https://${host}:${server.port}/mcp`;
    const { assessment, listed } = await check(url, { verify: true, caPem: ca.caPem });
    expect(assessment).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(listed?.tools).toHaveLength(1);
  });

  it('works without verification where that is wanted', async () => {
    const server = await start(ca.otherName);
    const { assessment } = await check(`${server.origin}/mcp`, { verify: false });
    expect(assessment).toMatchObject({ reachable: 'yes', usable: 'ok' });
  });

  it('must have a certificate for the name in the URL', async () => {
    const server = await start(ca.otherName);
    const tls = { verify: true, caPem: ca.caPem };
    const { assessment } = await check(`https://localhost:${server.port}/mcp`, tls);
    expect(assessment).toMatchObject({ reachable: 'no', cause: 'tls' });
    expect(assessment.message).toContain('not for localhost');
    const right = await check(`https://other.example:${server.port}/mcp`, tls);
    expect(right.assessment).toMatchObject({ reachable: 'yes', usable: 'ok' });
  });

  it('is named as such when the URL says http', async () => {
    const server = await start(ca.signed);
    const { assessment } = await check(`http://127.0.0.1:${server.port}/mcp`, { verify: true });
    expect(assessment.usable).not.toBe('ok');
    expect(assessment.message).toContain('https');
  });
});
