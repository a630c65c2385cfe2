import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTimeServer } from '../../scripts/demo/time-server.js';
import { eventually } from '../fixtures/eventually.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { answerMessage, type JsonRpcMessage } from '../fixtures/small-mcp.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';
import { createPrivateCa } from '../upstream/private-ca.js';

/** A server whose tool never ends by itself. */
interface PatientServer {
  readonly url: string;
  /** Calls that are being worked on. */
  readonly working: () => number;
  /** What the calls brought along, newest last. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

async function startPatientServer(): Promise<PatientServer> {
  let working = 0;
  const authorizations: (string | undefined)[] = [];
  const listening: Listening = await listen((req, res) => {
    authorizations.push(req.headers.authorization);
    text(req).then(
      (body) => {
        const message = (body === '' ? {} : JSON.parse(body)) as JsonRpcMessage;
        if (message.method === 'tools/call' && message.params?.name === 'echo') {
          working += 1;
          res.once('close', () => (working -= 1));
          return;
        }
        const answer = answerMessage(message);
        res.writeHead(answer ? 200 : 202, { 'content-type': 'application/json' });
        res.end(answer && JSON.stringify(answer));
      },
      () => res.destroy(),
    );
  });
  return {
    url: `${listening.url}/mcp`,
    working: () => working,
    authorizations,
    close: () => listening.close(),
  };
}

const ARGUMENTS: Readonly<Record<string, object>> = {
  convert_time: { time: '2026-07-28T09:00', from: 'Europe/Berlin', to: 'America/New_York' },
  echo: { text: 'hello' },
};

interface Problem {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

let gateDir: string;
let gateway: TestGateway;
let clock: Awaited<ReturnType<typeof startTimeServer>>;
let events: SseServer;
let patient: PatientServer;

async function created(at: string, input: object): Promise<Record<string, string>> {
  const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
  if (answer.status !== 201) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

/** Runs a tool with a token that has the groups, as somebody who may not change the server. */
async function run(token: string, server: string, tool: string, args: object): Promise<Problem> {
  const answer = await fetch(`${gateway.registryUrl}/api/servers${server}/tools/${tool}/call`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ arguments: args }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const tokenWith = async (name: string, more: object) =>
  (await created('/api/tokens', { name, scopes: ['write'], ...more })).token ?? '';

const records = () => readdirSync(gateDir).filter((name) => /^[0-9a-f]{64}$/.test(name));

beforeAll(async () => {
  gateDir = mkdtempSync(path.join(tmpdir(), 'gate-'));
  [gateway, clock, events, patient] = await Promise.all([
    startTestGateway({ environment: { GATE_DIR: gateDir } }),
    startTimeServer(),
    startSseServer(),
    startPatientServer(),
  ]);
  const access = 'authenticated';
  await gateway.register({ name: 'Clock', path: '/clock', url: clock.url, access });
  await gateway.register({ name: 'Open', path: '/open', url: clock.url });
  await gateway.register({
    name: 'Events',
    path: '/events',
    url: events.url,
    transport: 'sse',
    access,
  });
  await gateway.register({ name: 'Patient', path: '/patient', url: patient.url, access });
  await created('/api/groups', { name: 'all', servers: ['*'], tools: ['*'] });
  await created('/api/groups', {
    name: 'some',
    servers: ['/clock', '/events'],
    tools: ['current_time', 'echo'],
  });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([clock.close(), events.close(), patient.close()]);
  rmSync(gateDir, { recursive: true, force: true });
});

describe('a tool of a server that asks for a token, run through the API', () => {
  it.each([
    ['everything of it', 'all', '/clock', 'convert_time', 200],
    ['some of its tools', 'some', '/clock', 'current_time', 200],
    ['some of its tools over HTTP+SSE', 'some', '/events', 'echo', 200],
    ['everything over HTTP+SSE', 'all', '/events', 'echo', 200],
    ['other tools', 'some', '/clock', 'convert_time', 403],
    ['nothing of it', 'some', '/patient', 'echo', 403],
  ])('by somebody with %s', async (what, group, server, tool, status) => {
    const token = await tokenWith(what, { groups: [group] });
    const before = records();
    const answer = await run(token, server, tool, ARGUMENTS[tool] ?? {});
    expect(answer).toMatchObject({
      status,
      body: status === 200 ? { content: [{ type: 'text' }] } : { code: 'forbidden', status: 403 },
    });
    expect(records()).toEqual(before);
  });

  it('by an administrator, and of a public server by anybody', async () => {
    const admin = await tokenWith('admin', { scopes: ['admin'] });
    expect((await run(admin, '/clock', 'current_time', {})).status).toBe(200);
    const other = await tokenWith('other', { groups: ['some'] });
    expect((await run(other, '/open', 'list_time_zones', {})).status).toBe(200);
  });

  it('is in the access log under the name of its caller', async () => {
    const log = path.join(gateway.dataDir, 'nginx/logs/access.log');
    const lines = await eventually(
      async () =>
        (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('/clock')),
      (found) => found.some((line) => line.includes('"principal":"admin"')),
    );
    expect(lines.join('\n')).not.toContain('mcpgw_');
  });

  it('goes on while groups of others change', async () => {
    const token = await tokenWith('changing', { groups: ['some'] });
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 8 }, () => run(token, '/clock', 'current_time', {}))),
      ...Array.from({ length: 8 }, (_, index) =>
        created('/api/groups', { name: `more-${index}`, servers: ['/more'], tools: ['*'] }),
      ),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  });
});

describe('a caller who leaves', () => {
  it('ends the call at the server, and nothing of it stays at the gate', async () => {
    const token = await tokenWith('leaver', { groups: ['all'] });
    const before = records();
    const leaving = new AbortController();
    const calling = fetch(`${gateway.url}/api/servers/patient/tools/echo/call`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ arguments: { text: 'x' } }),
      signal: leaving.signal,
    });
    await eventually(patient.working, (count) => count === 1);
    expect(records()).toHaveLength(before.length + 1);
    leaving.abort();
    await expect(calling).rejects.toThrow();
    await eventually(patient.working, (count) => count === 0);
    await eventually(records, (names) => names.length === before.length);
    expect(new Set(patient.authorizations)).toEqual(new Set([undefined]));
  });
});

describe('a gateway that takes calls over HTTPS alone', () => {
  it('runs tools of its servers all the same', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'certificate-'));
    const { signed } = createPrivateCa();
    const [certFile, keyFile] = ['cert.pem', 'key.pem'].map((name) => path.join(folder, name));
    writeFileSync(certFile ?? '', signed.cert);
    writeFileSync(keyFile ?? '', signed.key, { mode: 0o600 });
    const secure = await startTestGateway({
      environment: {
        GATEWAY_TLS_PORT: String(await freePort()),
        TLS_CERT_FILE: certFile ?? '',
        TLS_KEY_FILE: keyFile ?? '',
      },
    });
    try {
      await secure.register({ name: 'Clock', path: '/clock', url: clock.url });
      await secure.register({
        name: 'Closed',
        path: '/closed',
        url: clock.url,
        access: 'authenticated',
      });
      for (const at of ['clock', 'closed']) {
        const answer = await secure.api(`/api/servers/${at}/tools/current_time/call`, {
          method: 'POST',
          body: '{}',
        });
        expect([answer.status, await answer.json()]).toMatchObject([200, { content: [{}] }]);
      }
    } finally {
      await secure.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
