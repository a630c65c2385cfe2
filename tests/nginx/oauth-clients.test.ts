import https from 'node:https';
import { Readable } from 'node:stream';
import * as sdk2 from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTimeServer } from '../../scripts/demo/time-server.js';
import { openBrowser } from '../fixtures/browser.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import {
  AGENT_CALLBACK,
  AGENT_SCOPE,
  startOidcProvider,
  type OidcProviderFixture,
} from '../fixtures/oidc-provider.js';
import { startTlsFront, type TlsFront } from '../fixtures/tls-front.js';
import { createPrivateCa } from '../upstream/private-ca.js';

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const INFO = { name: 'gateway-tests', version: '1.0.0' };
const SERVER = '/team/clock';

/** Somebody's agent: what both SDKs ask a client to keep, and where it sent the person. */
function createAgent(provider: OidcProviderFixture) {
  let tokens: sdk2.OAuthTokens | undefined;
  let verifier = '';
  let discovered: sdk2.OAuthDiscoveryState | undefined;
  let sentTo: URL | undefined;
  return {
    sentTo: () => sentTo,
    redirectUrl: AGENT_CALLBACK,
    clientMetadata: { client_name: 'agent', redirect_uris: [AGENT_CALLBACK], scope: AGENT_SCOPE },
    clientInformation: () => ({ client_id: provider.agentId, issuer: provider.issuer }),
    tokens: () => tokens,
    saveTokens: (saved: sdk2.OAuthTokens) => {
      tokens = saved;
    },
    redirectToAuthorization: (url: URL) => {
      sentTo = url;
    },
    saveCodeVerifier: (saved: string) => {
      verifier = saved;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (saved: sdk2.OAuthDiscoveryState) => {
      discovered = saved;
    },
    discoveryState: () => discovered,
  };
}

type Agent = ReturnType<typeof createAgent>;

/** A connection that may first have to be allowed by a person. */
interface Attempt {
  connect(): Promise<void>;
  finish(callback: URL): Promise<void>;
  /** The text of what the tool answered. */
  call(tool: string): Promise<unknown>;
  close(): Promise<void>;
}

const clients = {
  'SDK 1.x': (url: string, authProvider: Agent, fetch: Fetch): Attempt => {
    const transport = new TransportV1(new URL(url), { authProvider, fetch });
    const client = new ClientV1(INFO);
    return {
      connect: () => client.connect(transport),
      finish: (callback) => transport.finishAuth(callback.searchParams.get('code') ?? ''),
      call: async (name) => (await client.callTool({ name, arguments: {} })).structuredContent,
      close: () => client.close(),
    };
  },
  'SDK 2.x': (url: string, authProvider: Agent, fetch: Fetch): Attempt => {
    const transport = new sdk2.StreamableHTTPClientTransport(new URL(url), { authProvider, fetch });
    const client = new sdk2.Client(INFO, { versionNegotiation: { mode: 'auto' } });
    return {
      connect: () => client.connect(transport),
      finish: (callback) => transport.finishAuth(callback.searchParams),
      call: async (name) => (await client.callTool({ name, arguments: {} })).structuredContent,
      close: () => client.close(),
    };
  },
};

/** Trusts an authority that only this test knows; plain addresses go the usual way. */
function fetchTrusting(ca: string): Fetch {
  return (url, init = {}) => {
    const { protocol } = new URL(url);
    if (protocol === 'http:') return fetch(url, init);
    return new Promise((resolve, reject) => {
      const { method = 'GET', signal } = init;
      const headers = Object.fromEntries(new Headers(init.headers));
      const options = { method, headers, ca, agent: false, ...(signal && { signal }) };
      const call = https.request(url, options, (res) => {
        const { statusCode: status = 0 } = res;
        const isEmpty = status === 204 || status === 202;
        const body = isEmpty ? null : (Readable.toWeb(res) as ReadableStream<Uint8Array>);
        if (isEmpty) res.resume();
        const entries = Object.entries(res.headers) as [string, string][];
        resolve(new Response(body, { status, headers: entries }));
      });
      call.on('error', reject);
      call.end(init.body as string | undefined);
    });
  };
}

let clock: Awaited<ReturnType<typeof startTimeServer>>;
let provider: OidcProviderFixture;

beforeAll(async () => {
  clock = await startTimeServer();
  provider = await startOidcProvider('http://127.0.0.1:1');
});
afterAll(() => Promise.all([clock.close(), provider.close()]));

describe.each(['directly over http', 'behind a proxy that ends TLS'])('%s', (how) => {
  const { caPem, signed } = createPrivateCa();
  let gateway: TestGateway;
  let front: TlsFront | undefined;
  let publicUrl: string;

  beforeAll(async () => {
    const port = await freePort();
    front = how.startsWith('behind') ? await startTlsFront(port, signed) : undefined;
    publicUrl = front ? `https://localhost:${front.port}` : `http://127.0.0.1:${port}`;
    gateway = await startTestGateway({
      environment: {
        GATEWAY_PORT: String(port),
        PUBLIC_URL: publicUrl,
        OIDC_ISSUER: provider.issuer,
        ...(front && { TRUSTED_PROXIES: '127.0.0.1' }),
      },
    });
    await gateway.register({
      name: 'Clock',
      path: SERVER,
      url: clock.url,
      access: 'authenticated',
    });
    const group = { name: 'clock-users', servers: [SERVER], tools: ['current_time'] };
    await gateway.api('/api/groups', { method: 'POST', body: JSON.stringify(group) });
  });

  afterAll(async () => {
    await gateway.close();
    await front?.close();
  });

  it.each(Object.entries(clients))(
    '%s finds out where to log in, and calls',
    async (_sdk, open) => {
      const asked: string[] = [];
      const trusting = fetchTrusting(caPem);
      const watching: Fetch = async (url, init) => {
        const answer = await trusting(url, init);
        const { origin, pathname } = new URL(url);
        asked.push(`${answer.status} ${origin === publicUrl ? '' : origin}${pathname}`);
        return answer;
      };
      const url = `${publicUrl}${SERVER}/mcp`;
      const agent = createAgent(provider);
      provider.person = { sub: 'ada-1', groups: ['clock-users'] };

      const first = open(url, agent, watching);
      await expect(first.connect()).rejects.toThrow(/unauthori[sz]ed/i);
      expect(asked.slice(0, 2)).toEqual([
        `401 ${SERVER}/mcp`,
        `200 /.well-known/oauth-protected-resource${SERVER}/mcp`,
      ]);
      const sentTo = agent.sentTo();
      expect(sentTo?.searchParams.get('resource')).toBe(url);
      expect(sentTo?.searchParams.get('code_challenge_method')).toBe('S256');
      const callback = await openBrowser().visit(sentTo?.href ?? '', ({ href }) =>
        href.startsWith(AGENT_CALLBACK),
      );
      await first.finish(callback);
      await first.close();
      expect(asked.at(-1)).toBe(`200 ${provider.issuer}/token`);

      const second = open(url, agent, watching);
      await second.connect();
      expect(await second.call('current_time')).toMatchObject({ utcOffset: expect.any(String) });
      await expect(second.call('list_time_zones')).rejects.toThrow();
      await second.close();
    },
  );
});
