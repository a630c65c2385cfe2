import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBlackHole, type BlackHole } from '../fixtures/black-hole.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';
import { eventually } from '../fixtures/eventually.js';

let registry: RegistryProcess;
let upstream: EchoServer;
let hole: BlackHole;

beforeAll(async () => {
  upstream = await startEchoServer();
  hole = await startBlackHole();
  registry = await createRegistryProcess();
});

afterAll(async () => {
  await registry.close();
  await hole.close();
  await upstream.close();
});

interface Stored {
  servers: object[];
}

describe('two hundred servers of which half swallow packets', () => {
  it('delay neither the start nor the list, and are told apart in the end', async () => {
    await registry.start();
    await registry.kill('SIGTERM');
    const file = path.join(registry.dataDir, 'registry.json');
    const state = JSON.parse(readFileSync(file, 'utf8')) as Stored;
    const now = new Date().toISOString();
    for (let n = 0; n < 200; n += 1) {
      state.servers.push({
        name: `Server ${n}`,
        path: `/s${n}`,
        url: n % 2 === 0 ? `${upstream.url}/mcp` : `http://127.0.0.1:${hole.port}/mcp`,
        description: '',
        tags: [],
        transport: 'auto',
        enabled: true,
        access: 'public',
        timeoutSeconds: 3600,
        maxBodyBytes: 1 << 20,
        hostHeader: 'upstream',
        tls: { verify: true },
        owner: 'admin',
        revision: 1,
        createdAt: now,
        updatedAt: now,
      });
    }
    writeFileSync(file, JSON.stringify(state));

    await registry.start();
    // Reading the sources, which only tests run, is no part of it.
    const ready = Date.now();
    const settings = (await (await registry.api('/api/settings')).json()) as { startedAt: string };
    expect(ready - Date.parse(settings.startedAt)).toBeLessThan(5000);

    const times: number[] = [];
    const good = await eventually(
      async () => {
        const asked = performance.now();
        const answer = await registry.api('/api/servers?limit=200');
        const { servers } = (await answer.json()) as { servers: { health: { usable: string } }[] };
        times.push(performance.now() - asked);
        return servers.filter((server) => server.health.usable === 'ok').length;
      },
      (count) => count === 100,
      30_000,
    );
    expect(good).toBe(100);
    // Speed is measured elsewhere; this only says that no answer waited for a hanging server.
    expect(Math.max(...times)).toBeLessThan(4000);
    expect(
      await fetch(`${registry.url}/s198/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
      }).then((answer) => answer.status),
    ).toBe(200);
  });
});
