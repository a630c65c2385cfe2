import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { rawRequest } from '../fixtures/raw-http.js';
import { serverJsonFaults } from '../fixtures/server-json/server-json-faults.js';

interface Entry {
  readonly server: {
    readonly $schema?: string;
    readonly name: string;
    readonly description: string;
    readonly version: string;
    readonly remotes: readonly { readonly url: string }[];
  };
  readonly _meta: Readonly<Record<string, object>>;
}
interface List {
  readonly servers: readonly Entry[];
  readonly metadata: { readonly count: number; readonly nextCursor?: string };
}

let gateway: TestGateway;
let upstream: EchoServer;
beforeAll(async () => {
  upstream = await startEchoServer();
  gateway = await startTestGateway();
  const url = `${upstream.url}/mcp`;
  for (const path of ['/rain', '/snow', '/team/wind']) {
    await gateway.register({ name: path.slice(1), path, url, transport: 'streamable-http' });
  }
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** As VS Code reads an entry: it passes over one that has none of these, or names another schema than its own. */
const isTaken = ({ server, _meta }: Entry) =>
  [server.name, server.description, server.version].every((text) => text !== '') &&
  server.$schema === undefined &&
  typeof _meta === 'object';

describe('the gallery of VS Code', () => {
  const get = async (url: string) => {
    const answer = await rawRequest(gateway.url, { path: url });
    expect([url, answer.status]).toEqual([url, 200]);
    return JSON.parse(answer.body) as unknown;
  };

  it.each(['v0.1', 'v0'])('finds, pages through and opens our servers by %s', async (version) => {
    const servers = `/${version}/servers`;
    // Whether there is such a registry at all.
    expect(await get(`${servers}?limit=1`)).toMatchObject({ metadata: { count: 1 } });
    const seen: Entry[] = [];
    let cursor: string | undefined = '';
    do {
      const page = (await get(
        `${servers}?limit=2&version=latest${cursor && `&cursor=${cursor}`}`,
      )) as List;
      seen.push(...page.servers);
      cursor = page.metadata.nextCursor;
    } while (cursor !== undefined);
    expect(seen.map(({ server }) => server.remotes[0]?.url)).toEqual(
      ['/rain', '/snow', '/team/wind'].map((path) => `${gateway.url}${path}/mcp`),
    );
    for (const entry of seen) {
      expect([entry.server.name, isTaken(entry)]).toEqual([entry.server.name, true]);
      expect(serverJsonFaults(entry.server)).toEqual([]);
      const name = encodeURIComponent(entry.server.name);
      expect(await get(`${servers}/${name}/versions/latest`)).toEqual(entry);
      expect(await get(`${servers}/${name}/versions/${entry.server.version}`)).toEqual(entry);
    }
    const found = (await get(`${servers}?limit=50&search=${encodeURIComponent('wind')}`)) as List;
    expect(found.servers).toHaveLength(1);
  });

  it('is answered like a page of any site, and like a program that mistypes a name', async () => {
    const origin = 'vscode-file://vscode-app';
    const page = await rawRequest(gateway.url, { path: '/v0.1/servers', headers: { origin } });
    expect(page.headers['access-control-allow-origin']).toBe('*');
    const path = '/v0.1/servers/local.127-0-0-1%2Fnone/versions/latest';
    const missing = await rawRequest(gateway.url, { path });
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.body)).toMatchObject({ error: expect.any(String) });
  });
});
