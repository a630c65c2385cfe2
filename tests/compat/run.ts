import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TestGateway } from '../fixtures/gateway.js';
import { sdkClients } from '../fixtures/sdk-clients.js';
import { TRICKY_TEXT } from '../fixtures/small-mcp.js';
import { buildGo, buildPython } from './toolchain.js';
import { startCompatServers, type CompatServer } from './upstreams.js';

const CHECK_DEADLINE_MS = 30_000;

interface Check {
  readonly name: string;
  /** Resolves with what to note beside the verdict; rejects with the reason. */
  run(): Promise<string>;
}

/** Lists and calls through one URL with each client line. */
function clientChecks(way: string, url: string, transport: CompatServer['transport']): Check[] {
  return sdkClients.map(({ name, connect }) => ({
    name: `${way}, ${name}`,
    async run() {
      const client = await connect({ url, transport });
      try {
        expectEqual(await client.tools(), ['echo']);
        expectEqual((await client.call('echo', { text: TRICKY_TEXT })).text, TRICKY_TEXT);
        return client.protocolVersion ?? '';
      } finally {
        await client.close();
      }
    },
  }));
}

function gatewayChecks(gateway: TestGateway, server: CompatServer): Check[] {
  const { name, path, baseUrl, transport } = server;
  const publicUrl = `${gateway.url}${path}/${transport === 'sse' ? 'sse' : 'mcp'}`;
  const registered: Check = {
    name: 'registered, discovered, healthy',
    async run() {
      await gateway.register({ name, path, url: baseUrl, transport: 'auto' });
      const response = await gateway.api(`/api/servers${path}`);
      const { health, toolCount } = (await response.json()) as {
        health: { reachable: string; usable: string };
        toolCount: number;
      };
      expectEqual([health.reachable, health.usable, toolCount], ['yes', 'ok', 1]);
      return '';
    },
  };
  return [registered, ...clientChecks('gateway', publicUrl, transport)];
}

function expectEqual(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

async function attempt(check: Check): Promise<{ readonly ok: boolean; readonly note: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no end after ${CHECK_DEADLINE_MS / 1000} s`)),
      CHECK_DEADLINE_MS,
    );
  });
  try {
    return { ok: true, note: await Promise.race([check.run(), late]) };
  } catch (error) {
    return { ok: false, note: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

async function checkAll(
  servers: readonly CompatServer[],
  gateway: TestGateway | undefined,
): Promise<boolean> {
  let passed = 0;
  let failed = 0;
  for (const server of servers) {
    await server.process.ready;
    const checks = [
      ...clientChecks('direct', server.endpoint, server.transport),
      ...(gateway ? gatewayChecks(gateway, server) : []),
    ];
    for (const check of checks) {
      const { ok, note } = await attempt(check);
      const line = server.name.padEnd(30) + check.name.padEnd(54) + (ok ? 'ok    ' : 'FAILED ');
      console.log((line + note).trimEnd());
      if (ok) passed += 1;
      else failed += 1;
    }
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

async function startGateway(): Promise<TestGateway> {
  const { startTestGateway } = await import('../fixtures/gateway.js');
  return startTestGateway();
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { direct: { type: 'boolean', default: false } } });
  const dir = await mkdtemp(join(tmpdir(), 'gateway-compat-'));
  try {
    const [python1, python2, go] = await Promise.all([
      buildPython(dir, 1),
      buildPython(dir, 2),
      buildGo(dir),
    ]);
    const servers = await startCompatServers({ python1, python2, go });
    const gateway = values.direct ? undefined : await startGateway();
    try {
      return await checkAll(servers, gateway);
    } finally {
      await gateway?.close();
      await Promise.all(servers.map((server) => server.process.stop()));
    }
  } finally {
    await rm(dir, { recursive: true });
  }
}

process.exit((await main()) ? 0 : 1);
