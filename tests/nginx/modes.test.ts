import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startEchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway } from '../fixtures/gateway.js';
import { createRegistryProcess } from '../fixtures/registry-process.js';

const post = (url: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  });

describe('an nginx that somebody else runs', () => {
  it('is named the command to start it with, and then tested, signalled and left running', async () => {
    const upstream = await startEchoServer();
    const gateway = await startTestGateway({ environment: { NGINX_MODE: 'external' } });
    const prefix = path.join(gateway.dataDir, 'nginx');
    const nginx = (...args: string[]) =>
      execFileSync('nginx', ['-p', prefix, '-c', path.join(prefix, 'current/nginx.conf'), ...args]);
    try {
      const before = (await (await gateway.api('/api/gateway')).json()) as { reason: string };
      expect(before).toMatchObject({ state: 'rejected', nginx: { mode: 'external' } });
      expect(before.reason).toContain(`-p ${prefix} -c ${prefix}/current/nginx.conf`);

      nginx('-e', 'logs/startup.log');
      await gateway.register({ name: 'A', path: '/a', url: `${upstream.url}/mcp` });
      expect((await post(`${gateway.url}/a/mcp`)).status).toBe(200);

      await gateway.registry.stop();
      expect((await post(`${gateway.url}/a/mcp`)).status).toBe(200);
    } finally {
      nginx('-e', 'logs/startup.log', '-s', 'stop');
      await eventually(
        () => existsSync(path.join(prefix, 'run/nginx.pid')),
        (isThere) => !isThere,
      );
      rmSync(gateway.dataDir, { recursive: true });
      await upstream.close();
    }
  });
});

describe('a registry without nginx', () => {
  it('keeps the catalog and shows what it would render', async () => {
    const gateway = await startTestGateway({ environment: { NGINX_MODE: 'none' } });
    try {
      await gateway.register({ name: 'A', path: '/a', url: 'http://127.0.0.1:9/mcp' });
      expect(await (await gateway.api('/api/gateway')).json()).toMatchObject({
        state: 'unchanged',
        nginx: { mode: 'none' },
      });
      const config = JSON.stringify(await (await gateway.api('/api/gateway/config')).json());
      expect(config).toContain('# /a');
      await expect(post(`${gateway.url}/a/mcp`)).rejects.toThrow();
    } finally {
      await gateway.close();
    }
  });
});

describe('a registry whose file was damaged', () => {
  it('serves on, takes no changes, and says how to restore it', async () => {
    const upstream = await startEchoServer();
    const registry = await createRegistryProcess();
    const file = path.join(registry.dataDir, 'registry.json');
    try {
      await registry.start();
      const input = { url: `${upstream.url}/mcp`, enabled: true, access: 'public', name: 'A' };
      await registry.api('/api/servers', 'POST', { ...input, path: '/a' });
      await registry.api('/api/servers', 'POST', { ...input, path: '/b' });
      await registry.kill('SIGKILL');
      truncateSync(file, 100);
      const damaged = readFileSync(file, 'utf8');

      await registry.start();
      expect((await post(`${registry.url}/a/mcp`)).status).toBe(200);
      const refused = await registry.api('/api/servers', 'POST', { ...input, path: '/c' });
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: 'store-read-only' });
      const health = (await (await registry.api('/health')).json()) as {
        status: string;
        store: { writable: boolean; remedy: string };
      };
      expect(health).toMatchObject({ status: 'degraded', store: { writable: false } });
      expect(health.store.remedy).toMatch(/backups\/registry-\d+\.json/);
      expect(readFileSync(file, 'utf8')).toBe(damaged);
    } finally {
      await registry.close();
      await upstream.close();
    }
  });
});
