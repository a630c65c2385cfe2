import { startConformanceServer } from '../fixtures/conformance-server.js';
import { startEchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';
import { startFlakyServer, type FlakyServer } from './flaky-server.js';
import { startSessionServer, type SessionServer } from './session-server.js';

/** The product in a process of its own, and upstreams of all eras. */
export interface Stage {
  readonly registry: RegistryProcess;
  readonly sessions: SessionServer;
  readonly sse: SseServer;
  readonly flaky: FlakyServer;
  /** Of a server that always answers. */
  readonly echoUrl: string;
  close(): Promise<void>;
}

/** Servers whose calls are all counted by those who make them. */
export const COUNTED: readonly string[] = ['/raw', '/closed', '/flaky', '/sessions'];

export async function setStage(): Promise<Stage> {
  const echo = await startEchoServer();
  const sessions = await startSessionServer();
  const flaky = await startFlakyServer();
  const sse = await startSseServer();
  const conformance = await startConformanceServer();
  const echoUrl = `${echo.url}/mcp`;
  // Small, so that the log is rotated often; the others are made for it to be quiet in the end.
  const registry = await createRegistryProcess({
    CALL_LOG_MAX_BYTES: String(2 * 1024 ** 2),
    NGINX_DRAIN_SECONDS: '5',
    HEALTH_CHECK_INTERVAL_SECONDS: '10',
  });
  const close = async () => {
    await registry.close();
    const upstreams = [echo, sessions, flaky, sse, conformance];
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  };
  try {
    await registry.start();
    await register(registry, '/raw', echoUrl);
    await register(registry, '/closed', echoUrl, { access: 'authenticated' });
    await register(registry, '/flaky', flaky.url, { timeoutSeconds: 1 });
    await register(registry, '/sessions', sessions.url);
    await register(registry, '/both', conformance.url);
    await register(registry, '/old', sse.url, { transport: 'sse' });
    await eventually(
      async () => (await registry.api('/api/gateway')).json() as Promise<{ state: string }>,
      ({ state }) => state === 'applied',
      30_000,
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { registry, sessions, sse, flaky, echoUrl, close };
}

async function register(registry: RegistryProcess, path: string, url: string, more = {}) {
  const usual = { access: 'public', enabled: true, transport: 'streamable-http' };
  const server = { name: path.slice(1), path, url, ...usual, ...more };
  const answer = await registry.api('/api/servers', 'POST', server);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}
