import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecordTexts } from '../../registry/access/record-texts.js';
import { hashToken, makeToken } from '../../registry/access/token.js';
import { inspectProcess } from '../../registry/gateway/nginx/processes.js';
import { secretKey } from '../../registry/secrets.js';
import { createFileStore } from '../../registry/store/file/file-store.js';
import { createRecordingLog } from '../fakes/recording-log.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { openRawStream, rawRequest } from '../fixtures/raw-http.js';
import { createRegistryProcess, type RegistryProcess } from '../fixtures/registry-process.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const STREAMS = 50;
const MANY = 1000;
/** How many requests of a script are under way at once. */
const AT_ONCE = 20;

interface Issued {
  readonly id: string;
  readonly token: string;
}

let registry: RegistryProcess;
let upstream: EchoServer;
let gateDir: string;

const ask = (token: string, server = '/plain') =>
  rawRequest(`${registry.url}${server}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: PING,
  });

async function create<T>(at: string, input: object): Promise<T> {
  const answer = await registry.api(at, 'POST', input);
  if (answer.status !== 201) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

const issue = (name: string, groups = ['users']) => create<Issued>('/api/tokens', { name, groups });

async function revoke({ id }: Issued): Promise<void> {
  const answer = await registry.api(`/api/tokens/${id}`, 'DELETE');
  if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`);
}

async function reloads(): Promise<number> {
  return ((await (await registry.api('/api/gateway')).json()) as { reloads: number }).reloads;
}

/** Works on all of them, some at a time. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items];
  const workOff = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      results.push(await work(item));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workOff));
  return results;
}

/** Records as they lie in the gate directory, by the digest of their token. */
function recordsAtGate(): Map<string, string> {
  const names = readdirSync(gateDir).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return new Map(
    names.sort().map((name) => [name, readFileSync(path.join(gateDir, name), 'utf8')]),
  );
}

/** Records as they follow from the store, read without the registry. */
async function recordsInStore(): Promise<Map<string, string>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'copy-'));
  copyFileSync(path.join(registry.dataDir, 'registry.json'), path.join(dataDir, 'registry.json'));
  const store = await createFileStore({ dataDir, log: createRecordingLog() });
  try {
    const texts = createRecordTexts(secretKey(registry.dataDir, undefined));
    return new Map([...texts(store.state(), new Date())].sort());
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

beforeAll(async () => {
  gateDir = mkdtempSync(path.join(tmpdir(), 'gate-'));
  upstream = await startEchoServer();
  registry = await createRegistryProcess({ GATE_DIR: gateDir, LOG_LEVEL: 'warn' });
  await registry.start();
  for (const [server, at] of [
    ['/silent', '/silent/mcp'],
    ['/plain', '/mcp'],
  ]) {
    const url = `${upstream.url}${at}`;
    const facts = { name: server, path: server, url, transport: 'streamable-http', enabled: true };
    await create('/api/servers', { ...facts, access: 'authenticated' });
  }
  await create('/api/groups', { name: 'users', servers: ['*'], tools: ['*'] });
  await eventually(
    () => rawRequest(`${registry.url}/plain/mcp`, { method: 'POST' }),
    ({ status }) => status === 401,
  );
});

afterAll(async () => {
  await registry.close();
  await upstream.close();
  rmSync(gateDir, { recursive: true, force: true });
});

describe('a revoked token', () => {
  it('is refused from the first request on, under load and with open streams', async () => {
    const [streamer, loader] = [await issue('streamer'), await issue('loader')];
    const headers = { authorization: `Bearer ${streamer.token}`, accept: 'text/event-stream' };
    const open = () => openRawStream(`${registry.url}/silent/mcp`, { headers });
    const streams = await Promise.all(Array.from({ length: STREAMS }, open));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    const openRequests = () => upstream.openRequests();
    await eventually(openRequests, (count) => count === STREAMS);

    let isOver = false;
    const loads = Array.from({ length: 4 }, async () => {
      const statuses = new Set<number>();
      while (!isOver) statuses.add((await ask(loader.token)).status);
      return statuses;
    });
    for (let round = 0; round < 10; round += 1) {
      const issued = await issue(`round ${round}`);
      expect((await ask(issued.token)).status).toBe(200);
      await revoke(issued);
      // New connections, so that every worker is asked.
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(issued.token)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    }
    await revoke(streamer);
    expectGatewayError(await ask(streamer.token, '/silent'), 401, 'authentication-required');
    isOver = true;
    expect(await Promise.all(loads)).toEqual(loads.map(() => new Set([200])));
    // A documented limit: nginx asks when a request begins, and not again. Restarting it cuts them.
    expect(openRequests()).toBe(STREAMS);
    const nginx = registry.nginxPid();
    process.kill(nginx, 'SIGTERM');
    await Promise.all(streams.map(({ ended }) => ended));
    await eventually(openRequests, (count) => count === 0);
    await eventually(
      () => ask(loader.token).catch(() => undefined),
      (answer) => answer?.status === 200,
    );
    expect(registry.nginxPid()).not.toBe(nginx);
    expectGatewayError(await ask(streamer.token, '/silent'), 401, 'authentication-required');
  });
});

describe('the record of a token', () => {
  it('that is there and cannot be read makes nobody a stranger', async () => {
    expectGatewayError(await ask('odd'), 401, 'authentication-required');
    const record = path.join(gateDir, hashToken('odd'));
    mkdirSync(record);
    try {
      expectGatewayError(await ask('odd'), 503, 'gate-not-ready');
    } finally {
      rmSync(record, { recursive: true });
    }
  });
});

describe('a thousand tokens', () => {
  it('are issued, changed and revoked without a reload', async () => {
    const before = { reloads: await reloads(), records: recordsAtGate() };
    await create('/api/groups', { name: 'many', servers: ['/plain'], tools: ['*'] });
    const names = Array.from({ length: MANY }, (_, index) => `token ${index}`);
    const issued = await eachOf(names, (name) => issue(name, ['many']));
    expect(recordsAtGate().size).toBe(before.records.size + MANY);
    const last = issued.at(-1)?.token ?? '';
    expect((await ask(last)).status).toBe(200);

    const patch = { servers: ['/silent'] };
    expect((await registry.api('/api/groups/many', 'PATCH', patch)).status).toBe(200);
    expectGatewayError(await ask(last), 403, 'not-permitted');
    expect(recordsAtGate()).toEqual(await recordsInStore());

    await eachOf(issued, revoke);
    expectGatewayError(await ask(last), 401, 'authentication-required');
    expect(recordsAtGate()).toEqual(before.records);
    expect(await reloads()).toBe(before.reloads);
  });
});

describe('with the registry killed', () => {
  it('known tokens work, revoked ones stay refused, and no other is let in', async () => {
    const [known, limited, gone] = [
      await issue('known'),
      await issue('limited', []),
      await issue('gone'),
    ];
    await revoke(gone);
    await registry.kill('SIGKILL');
    expect((await ask(known.token)).status).toBe(200);
    expectGatewayError(await ask(limited.token), 403, 'not-permitted');
    for (const token of [gone.token, makeToken(), 'mcpgw_x', 'a.b.c']) {
      const answer = await ask(token);
      expectGatewayError(answer, 401, 'authentication-required');
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    }

    // What somebody does meanwhile to the directory lasts until the next start.
    const [stranger, changed] = [makeToken(), [...recordsAtGate().keys()][0] ?? ''];
    writeFileSync(path.join(gateDir, hashToken(stranger)), `0 * ${'0'.repeat(32)} root *`);
    writeFileSync(path.join(gateDir, changed), `0 * ${'0'.repeat(32)} root *`);
    rmSync(path.join(gateDir, hashToken(limited.token)));

    const nginx = registry.nginxPid();
    process.kill(nginx, 'SIGKILL');
    await eventually(
      () => inspectProcess(nginx),
      (found) => found === undefined,
    );
    await registry.start();
    expect(recordsAtGate()).toEqual(await recordsInStore());
    await eventually(
      () => ask(known.token).catch(() => undefined),
      (answer) => answer?.status === 200,
    );
    expectGatewayError(await ask(stranger), 401, 'authentication-required');
    expectGatewayError(await ask(gone.token), 401, 'authentication-required');
    expectGatewayError(await ask(limited.token), 403, 'not-permitted');
  });
});
