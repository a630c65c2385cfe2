import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspectProcess } from '../../registry/gateway/nginx/processes.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { openRawStream } from '../fixtures/raw-http.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';

let registry: RegistryProcess;
let upstream: EchoServer;

beforeAll(async () => {
  upstream = await startEchoServer();
  registry = await createRegistryProcess();
  await registry.start();
  for (const path of ['/silent', '/plain']) {
    const url = `${upstream.url}${path === '/silent' ? '/silent/mcp' : '/mcp'}`;
    await registry.api('/api/servers', 'POST', {
      name: path,
      path,
      url,
      transport: 'streamable-http',
      enabled: true,
      access: 'public',
    });
  }
  await eventually(
    () => call('/plain'),
    (status) => status === 200,
  );
});

afterAll(async () => {
  await registry.close();
  await upstream.close();
});

async function call(path: string): Promise<number> {
  const answer = await fetch(`${registry.url}${path}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  }).catch(() => undefined);
  return answer?.status ?? 0;
}

describe('a killed nginx', () => {
  it('is back within two seconds, and the port is its own again', async () => {
    const before = registry.nginxPid();
    process.kill(before, 'SIGKILL');
    const killedAt = Date.now();
    await eventually(
      () => registry.nginxPid(),
      (pid) => pid !== before && inspectProcess(pid) !== undefined,
    );
    await eventually(
      () => call('/plain'),
      (status) => status === 200,
    );
    expect(Date.now() - killedAt).toBeLessThan(2000);
    const change = await registry.api('/api/servers/plain', 'PATCH', { timeoutSeconds: 30 });
    expect(change.ok).toBe(true);
    expect(await registry.settled()).toBe('applied');
  });
});

describe('a killed registry', () => {
  it('leaves calls and open streams alone, and its successor adopts nginx', async () => {
    const stream = await openRawStream(`${registry.url}/silent/mcp`, {
      headers: { accept: 'text/event-stream' },
    });
    await stream.until('once');
    const pid = registry.nginxPid();
    await registry.kill('SIGKILL');
    expect(await call('/plain')).toBe(200);

    await registry.start();
    expect(registry.nginxPid()).toBe(pid);
    expect(registry.output()).toContain('adopted');
    const change = await registry.api('/api/servers/plain', 'PATCH', { timeoutSeconds: 40 });
    expect(change.ok).toBe(true);
    expect(await registry.settled()).toBe('applied');
    const state = await Promise.race([stream.ended.then(() => 'cut'), Promise.resolve('open')]);
    expect(state).toBe('open');
    stream.close();
  });

  it('takes nginx along when it is asked to stop', async () => {
    const pid = registry.nginxPid();
    await registry.kill('SIGTERM');
    expect(inspectProcess(pid)).toBeUndefined();
    await registry.start();
    expect(await call('/plain')).toBe(200);
  });
});
