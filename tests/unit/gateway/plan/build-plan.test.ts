import { describe, expect, it } from '@jest/globals';
import type { Route } from '../../../../registry/gateway/plan/plan.js';
import { planOf, type PlanCase } from '../../../fixtures/plan-case.js';

const server = (path: string, url: string, more: object = {}) => ({
  name: path,
  path,
  url,
  access: 'public',
  enabled: true,
  ...more,
});

/** The one route of a plan that passes calls on. */
function proxied(given: PlanCase) {
  const [route] = planOf(given).routes;
  if (route?.kind !== 'proxy') throw new Error('the server is not proxied');
  return route;
}

const kinds = (routes: readonly Route[]) => routes.map(({ path, kind }) => `${path} ${kind}`);

describe('a server that no probe has reached yet', () => {
  it.each([
    // registered URL, declared transport -> presumed transport and endpoint
    ['http://h', 'auto', 'streamable-http', '/mcp'],
    ['http://h/', 'auto', 'streamable-http', '/mcp'],
    ['http://h/base', 'auto', 'streamable-http', '/base/mcp'],
    ['http://h/base/', 'auto', 'streamable-http', '/base/mcp'],
    ['http://h/mcp', 'auto', 'streamable-http', '/mcp'],
    ['http://h/mcp/', 'auto', 'streamable-http', '/mcp/'],
    ['http://h/x/mcp', 'auto', 'streamable-http', '/x/mcp'],
    ['http://h/sse', 'auto', 'sse', '/sse'],
    ['http://h/x/sse/', 'auto', 'sse', '/x/sse/'],
    ['http://h/xmcp', 'auto', 'streamable-http', '/xmcp/mcp'],
    ['http://h/sse/x', 'auto', 'streamable-http', '/sse/x/mcp'],
    ['http://h', 'streamable-http', 'streamable-http', '/'],
    ['http://h/base', 'streamable-http', 'streamable-http', '/base'],
    ['http://h/sse', 'streamable-http', 'streamable-http', '/sse'],
    ['http://h/events', 'sse', 'sse', '/events'],
    ['http://h/mcp', 'sse', 'sse', '/mcp'],
  ])('at %s (%s) is taken for %s at %s', (url, declared, transport, endpointPath) => {
    const route = proxied({ servers: [server('/a', url, { transport: declared })] });
    expect(route).toMatchObject({ transport, endpointPath });
  });

  it('keeps the query of its URL', () => {
    const route = proxied({ servers: [server('/a', 'http://h/base?x=1%20&y')] });
    expect(route).toMatchObject({ endpointPath: '/base/mcp', endpointQuery: 'x=1%20&y' });
  });

  it('takes messages where such servers usually do, at the root and beside its stream', () => {
    const route = proxied({ servers: [server('/a', 'http://h/base/sse')] });
    expect(
      route.messages.map(({ publicPath, upstreamPath }) => [publicPath, upstreamPath]),
    ).toEqual(
      ['/', '/base/'].flatMap((folder) =>
        ['message', 'messages', 'messages/', 'sse'].map((name) => [
          `/a${folder}${name}`,
          `${folder}${name}`,
        ]),
      ),
    );
  });
});

describe('a server that was found', () => {
  it('is served where it answered, not where it was presumed', () => {
    const route = proxied({
      servers: [server('/a', 'http://h:8000/base')],
      endpoints: {
        '/a': {
          url: 'http://h:8000/base/sse',
          transport: 'sse',
          message: { kind: 'exact', path: '/base/post' },
        },
      },
    });
    expect(route).toMatchObject({ transport: 'sse', endpointPath: '/base/sse', folder: '/base/' });
    expect(route.messages).toEqual([
      { kind: 'exact', publicPath: '/a/base/post', upstreamPath: '/base/post' },
    ]);
  });

  it.each([
    ['http://h/mcp', 'h', 'http', '192.0.2.1:80', 'h'],
    ['https://h/mcp', 'h', 'https', '192.0.2.1:443', 'h'],
    ['https://h:8443/mcp', 'h:8443', 'https', '192.0.2.1:8443', 'h'],
    ['http://[2001:db8::5]:81/mcp', '[2001:db8::5]:81', 'http', '192.0.2.1:81', '[2001:db8::5]'],
  ])('at %s is asked for as %s over %s at %s', (url, authority, scheme, address, tlsName) => {
    expect(proxied({ servers: [server('/a', url)] })).toMatchObject({
      authority,
      scheme,
      address,
      tlsName,
      host: authority,
    });
  });

  it.each([
    ['upstream', 'h:1'],
    ['client', 'client'],
    ['api.example.test:8443', 'api.example.test:8443'],
  ])('is sent the Host that hostHeader %s means', (hostHeader, host) => {
    expect(proxied({ servers: [server('/a', 'http://h:1/mcp', { hostHeader })] }).host).toBe(host);
  });

  it.each([
    ['http://h/mcp', {}, { kind: 'plain' }],
    ['http://h/mcp', { tls: { verify: false } }, { kind: 'plain' }],
    ['https://h/mcp', {}, { kind: 'system' }],
    ['https://h/mcp', { tls: { verify: false } }, { kind: 'unverified' }],
  ])('at %s with %j is trusted by %j', (url, more, tls) => {
    expect(proxied({ servers: [server('/a', url, more)] }).tls).toEqual(tls);
  });
});

describe('a server that cannot be called', () => {
  it.each([
    [{ enabled: false }, 'disabled', undefined],
    [{ access: 'authenticated' }, 'proxy', undefined],
    [{ access: 'authenticated', enabled: false }, 'disabled', undefined],
    [{ url: 'http://gone/mcp' }, 'proxy', 'upstream-unresolved'],
    [{ url: 'http://gone/mcp', access: 'authenticated' }, 'proxy', 'upstream-unresolved'],
    [{ url: 'http://gone/mcp', enabled: false }, 'disabled', undefined],
    [{ url: 'http://bad/mcp' }, 'excluded', 'upstream-refused-by-policy'],
    [{ url: 'http://bad/mcp', access: 'authenticated' }, 'excluded', 'upstream-refused-by-policy'],
    [{ url: 'http://later/mcp' }, 'proxy', undefined],
    [{ url: 'https://192.0.2.9/mcp' }, 'proxy', 'upstream-unverifiable'],
    [{ url: 'https://[2001:db8::1]/mcp' }, 'proxy', 'upstream-unverifiable'],
    [{ url: 'https://192.0.2.9/mcp', tls: { verify: false } }, 'proxy', undefined],
    [{ url: 'https://4.example.test/mcp' }, 'proxy', undefined],
  ])('for %j is %s, and told %s', (more, kind, reason) => {
    const plan = planOf({
      servers: [server('/a', 'http://h/mcp', more), server('/b', 'http://h/mcp')],
      addresses: {
        gone: { state: 'unresolved', reason: 'no such name' },
        bad: { state: 'refused', reason: 'metadata' },
        later: { state: 'pending' },
      },
    });
    expect(kinds(plan.routes)).toEqual([`/a ${kind}`, '/b proxy']);
    expect(plan.exclusions.map((each) => [each.path, each.reason])).toEqual(
      reason === undefined ? [] : [['/a', reason]],
    );
  });

  it('is closed with the words of nginx when nginx refused it', () => {
    const plan = planOf({ servers: [server('/a', 'http://h/mcp')], refused: { '/a': 'no good' } });
    expect(kinds(plan.routes)).toEqual(['/a excluded']);
    expect(plan.exclusions).toEqual([
      { path: '/a', reason: 'refused-by-nginx', detail: 'no good' },
    ]);
  });

  it.each([
    { path: '/a b' },
    { url: 'http://h/{}' + '$x' },
    { url: 'no url' },
    { hostHeader: 'a b' },
    { timeoutSeconds: '1s' },
    { maxBodyBytes: -1 },
    { maxBodyBytes: 1.5 },
    { limits: { callsPerMinute: '5r/m' } },
    { limits: undefined },
    { transport: 'carrier-pigeon' },
    { tls: undefined, url: 'https://h/mcp' },
  ])('since its record holds %j is left out alone', (fields) => {
    const plan = planOf({
      servers: [server('/a', 'http://h/mcp'), server('/b', 'http://h/mcp')],
      stored: { '/a': fields },
    });
    expect(kinds(plan.routes)).toEqual(['/b proxy']);
    expect(plan.exclusions).toMatchObject([{ reason: 'invalid-record' }]);
  });
});

describe('a plan', () => {
  it('is sorted by path, whatever the order of the catalog', () => {
    const servers = ['/c', '/a', '/b/x', '/b'].map((path) => server(path, 'http://h/mcp'));
    const paths = planOf({ servers }).routes.map(({ path }) => path);
    expect(paths).toEqual(['/a', '/b', '/b/x', '/c']);
    expect(planOf({ servers: servers.toReversed() })).toEqual(planOf({ servers }));
  });

  it('gives an address that two servers claim for messages to the nested one', () => {
    const sse = (path: string) => ({
      url: 'http://h/sse',
      transport: 'sse' as const,
      message: { kind: 'exact' as const, path },
    });
    const { routes } = planOf({
      servers: [server('/t', 'http://h/sse'), server('/t/a', 'http://h/sse')],
      endpoints: { '/t': sse('/a/post'), '/t/a': sse('/post') },
    });
    expect(routes).toMatchObject([
      { path: '/t', messages: [] },
      { path: '/t/a', messages: [{ publicPath: '/t/a/post' }] },
    ]);
  });

  it('never gives the address of a nested server to messages', () => {
    const { routes } = planOf({
      servers: [server('/t', 'http://h/sse'), server('/t/message', 'http://h/mcp')],
    });
    const [outer] = routes;
    expect(outer).toMatchObject({ kind: 'proxy' });
    expect(JSON.stringify(outer)).not.toContain('/t/message"');
    expect(JSON.stringify(outer)).toContain('/t/messages"');
  });
});
