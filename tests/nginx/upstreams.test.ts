import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRenderSources } from '../../registry/gateway/load-sources.js';
import { createRenderer } from '../../registry/gateway/render/render-config.js';
import { productRoot } from '../../registry/machine.js';
import {
  startPlainNginx,
  TEMPORARY_PATHS,
  TOP_LEVEL,
  type PlainNginx,
} from '../bench/plain-nginx.js';
import { freePort } from '../fixtures/free-port.js';
import { planOf } from '../fixtures/plan-case.js';

const SERVERS = 600;
const render = createRenderer(loadRenderSources(productRoot()));

interface Member {
  readonly upstream: string;
  readonly address: string;
}

const pathOf = (index: number) => `/team-${index % 7}/server-${index}`;
const addressOf = (index: number) => `127.1.${index >> 8}.${index & 255}`;

/** What is rendered for servers that all have an address of their own. */
function upstreamsConf(servers: readonly number[], port: number): string {
  const { files } = render(
    planOf({
      servers: servers.map((index) => ({
        name: `Server ${index}`,
        path: pathOf(index),
        url: `http://host-${index}.test:${port}/mcp`,
        transport: 'streamable-http',
        enabled: true,
      })),
      addresses: Object.fromEntries(
        servers.map((index) => [
          `host-${index}.test`,
          { state: 'resolved', address: addressOf(index) },
        ]),
      ),
    }),
  );
  return files.find((file) => file.path === 'generated/upstreams.conf')?.text ?? '';
}

/** By the path of the server. */
function membersOf(text: string): Map<string, Member> {
  const members = new Map<string, Member>();
  let upstream = '';
  for (const line of text.split('\n')) {
    upstream = /^upstream (\S+) \{$/.exec(line)?.[1] ?? upstream;
    const [, address, owner] = /^ {4}server (\S+):\d+ .* # (\S+)$/.exec(line) ?? [];
    if (address !== undefined && owner !== undefined) members.set(owner, { upstream, address });
  }
  return members;
}

describe('upstreams that hold many servers', () => {
  const all = Array.from({ length: SERVERS }, (_, index) => index);
  let folder: string;
  let nginx: PlainNginx;
  let front: number;
  let members: Map<string, Member>;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'upstreams-'));
    front = await freePort();
    const port = await freePort();
    const upstreams = upstreamsConf(all, port);
    members = membersOf(upstreams);
    // Whoever is called says at which address.
    const config = `${TOP_LEVEL}
http {${TEMPORARY_PATHS}
    access_log off;
    map $arg_server $mcp_server { default $arg_server; }
    ${upstreams}
    server { listen 127.0.0.1:${front}; location / { proxy_pass http://$arg_upstream; } }
    server { listen ${port}; location / { return 200 $server_addr; } }
}`;
    nginx = await startPlainNginx(folder, config);
  });

  afterAll(async () => {
    await nginx.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are few, and every server is in one', () => {
    expect(members.size).toBe(SERVERS);
    expect(new Set([...members.values()].map(({ upstream }) => upstream)).size).toBeLessThan(64);
  });

  it('send each call to the address of its server, in nginx as it is', async () => {
    for (const index of all) {
      const server = pathOf(index);
      const upstream = members.get(server)?.upstream ?? '';
      const answer = await fetch(
        `http://127.0.0.1:${front}/?server=${server}&upstream=${upstream}`,
      );
      expect([server, await answer.text()]).toEqual([server, addressOf(index)]);
    }
  });

  it('stay as they are when another server is added, but for the one that it comes into', () => {
    const before = upstreamsConf(all.slice(1), 80).split('\n}\n');
    const after = new Set(upstreamsConf(all, 80).split('\n}\n'));
    expect(before.filter((upstream) => !after.has(upstream))).toHaveLength(1);
  });
});
