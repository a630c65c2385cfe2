import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';

interface Kept {
  readonly generation: string;
  readonly revision: number;
  readonly live: boolean;
  readonly restorable: boolean;
  readonly change?: Readonly<Record<string, unknown>>;
}

describe('generations of a real nginx', () => {
  let gateway: TestGateway;
  let upstream: EchoServer;
  const kept = async () => {
    const answer = await gateway.api('/api/gateway/generations');
    return ((await answer.json()) as { readonly generations: readonly Kept[] }).generations;
  };

  beforeAll(async () => {
    upstream = await startEchoServer();
    gateway = await startTestGateway();
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  it('know their catalog, are read, and give their servers back', async () => {
    const server = { access: 'public', enabled: true, url: `${upstream.url}/mcp` };
    await gateway.register({ ...server, name: 'One', path: '/one' });
    const [withOne] = await kept();
    await gateway.register({ ...server, name: 'Two', path: '/two' });
    const [withTwo] = await kept();
    expect(withOne).toMatchObject({ live: true, restorable: false });
    expect(withTwo?.generation).not.toBe(withOne?.generation);
    expect((await fetch(`${gateway.url}/two/mcp`)).status).not.toBe(404);

    expect(withTwo?.change).toMatchObject({
      action: 'server.register',
      servers: ['/two'],
      by: { username: 'admin' },
      others: 0,
    });

    const at = `/api/gateway/generations/${withOne?.generation}`;
    const { files } = (await (await gateway.api(at)).json()) as {
      readonly files: readonly { readonly path: string; readonly text: string }[];
    };
    const text = files.map((file) => file.text).join('');
    expect(text).toContain('/one');
    expect(text).not.toContain('/two');

    const restored = await gateway.api(`${at}/restore`, { method: 'POST' });
    expect(await restored.json()).toMatchObject({
      restored: ['/two'],
      gateway: { state: 'applied', generation: withOne?.generation },
    });
    expect((await fetch(`${gateway.url}/two/mcp`)).status).toBe(404);
    const [live, before] = await kept();
    expect(live).toMatchObject({ generation: withOne?.generation, live: true });
    expect(live?.change).toMatchObject({ action: 'gateway.restore', servers: ['/two'] });
    expect(before).toMatchObject({ generation: withTwo?.generation, restorable: true });

    const status = (await (await gateway.api('/api/gateway')).json()) as {
      readonly outcomes: readonly Readonly<Record<string, unknown>>[];
    };
    expect(status.outcomes[0]).toMatchObject({
      state: 'applied',
      generation: withOne?.generation,
      revision: live?.revision,
    });
  });

  it('still tell after a restart what they came of, also when the same one is served again', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'generations-'));
    const listOf = async (from: TestGateway) => {
      const answer = await from.api('/api/gateway/generations');
      return (await answer.json()) as { readonly generations: readonly Kept[] };
    };
    try {
      const environment = {
        GATEWAY_PORT: String(await freePort()),
        REGISTRY_PORT: String(await freePort()),
      };
      const first = await startTestGateway({ dataDir, environment });
      await first.register({ name: 'One', path: '/one', url: `${upstream.url}/mcp` });
      const [before] = (await listOf(first)).generations;
      await first.close();
      const second = await startTestGateway({ dataDir, environment });
      const [after] = (await listOf(second)).generations;
      await second.close();
      expect(before?.change).toMatchObject({ action: 'server.register', servers: ['/one'] });
      expect(after).toMatchObject({ generation: before?.generation, change: before?.change });
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
