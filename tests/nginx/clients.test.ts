import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTimeServer } from '../../scripts/demo/time-server.js';
import { readGuide } from '../fixtures/client-guides.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { freePort } from '../fixtures/free-port.js';
import { sdkClients } from '../fixtures/sdk-clients.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';

interface Guide {
  readonly text: string;
  readonly placeholder?: string;
}

let gateway: TestGateway;
let time: Awaited<ReturnType<typeof startTimeServer>>;
let events: SseServer;
let token: string;

async function json<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

beforeAll(async () => {
  const port = String(await freePort());
  gateway = await startTestGateway({
    environment: { GATEWAY_PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` },
  });
  time = await startTimeServer();
  events = await startSseServer({});
  const access = 'authenticated';
  await gateway.register({ name: 'Time', path: '/team/time_of-day', url: time.url, access });
  await gateway.register({ name: 'Events', path: '/events', url: events.url, access });
  await gateway.register({ name: 'Open', path: '/open', url: time.url });
  const group = { name: 'agents', servers: ['*'], tools: ['*'] };
  const body = (input: object) => ({ method: 'POST', body: JSON.stringify(input) });
  await json(await gateway.api('/api/groups', body(group)));
  const made = await gateway.api('/api/tokens', body({ name: 'agent', groups: ['agents'] }));
  ({ token } = await json<{ readonly token: string }>(made));
});

afterAll(async () => {
  await gateway.close();
  await time.close();
  await events.close();
});

const HOSTS = Object.keys(readGuide);

/** What the host connects to when the token stands where it belongs. */
async function configured(host: string, server: string) {
  const at = `/api/clients/${host}?server=${encodeURIComponent(server)}`;
  const guide = await json<Guide>(await gateway.api(at));
  const { url, transport, headers, body } = readGuide[host]?.(guide.text) ?? {
    url: '',
    transport: 'streamable-http',
    headers: {},
  };
  const filled = Object.entries(headers).map(([name, value]) => [
    name,
    value.replace('YOUR_GATEWAY_TOKEN', token),
  ]);
  return { url, transport, headers: Object.fromEntries(filled) as Record<string, string>, body };
}

describe.each(HOSTS)('with the configuration for %s', (host) => {
  it.each(sdkClients)('$name uses the server through the gateway', async ({ connect }) => {
    const expected = [
      ['/team/time_of-day', 'convert_time'],
      ['/open', 'convert_time'],
      ['/events', 'echo'],
    ] as const;
    for (const [server, tool] of expected) {
      const { headers: all, ...rest } = await configured(host, server);
      // Of curl: what is of one request alone.
      const { Authorization } = all;
      const headers = Authorization === undefined ? {} : { Authorization };
      const client = await connect({ ...rest, headers });
      try {
        expect(await client.tools()).toContain(tool);
      } finally {
        await client.close();
      }
    }
  });
});

describe('the command for curl', () => {
  it('gets a result', async () => {
    const { url, headers, body } = await configured('curl', '/team/time_of-day');
    const answer = await fetch(url, { method: 'POST', headers, ...(body && { body }) });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('"result"'),
    ]);
  });

  it('is let in by the token alone', async () => {
    const { url, headers, body } = await configured('curl', '/team/time_of-day');
    const without = Object.fromEntries(
      Object.entries(headers).filter(([name]) => name !== 'Authorization'),
    );
    const answer = await fetch(url, { method: 'POST', headers: without, ...(body && { body }) });
    await answer.body?.cancel();
    expect(answer.status).toBe(401);
  });
});
