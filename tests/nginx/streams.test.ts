import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { openRawStream, rawRequest, type RawStream } from '../fixtures/raw-http.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';

const MIB = 1024 ** 2;
const SILENCE_MS = 75_000;
const IDLE_STREAMS = 2000;
const CALL = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const EVENTS = { accept: 'application/json, text/event-stream', 'accept-encoding': 'gzip' };

let gateway: TestGateway;
/** Streams of the tests but the silent ones, so that their numbers are their own. */
let upstream: EchoServer;
let crowded: SseServer;
let silent: EchoServer;
let silentStreams: readonly RawStream[];
let silentSince: number;

beforeAll(async () => {
  [upstream, silent, crowded] = await Promise.all([
    startEchoServer(),
    startEchoServer(),
    startSseServer(),
  ]);
  gateway = await startTestGateway({ environment: { MAX_STREAMS_PER_PRINCIPAL: '0' } });
  const transport = 'streamable-http';
  await Promise.all(
    [
      { name: 'plain', path: '/plain', url: `${upstream.url}/mcp`, transport },
      { name: 'silent', path: '/silent', url: `${silent.url}/mcp`, transport },
      { name: 'crowded', path: '/crowded', url: crowded.url, transport: 'sse' },
    ].map((server) => gateway.register(server)),
  );
  // These are left alone while the other tests run.
  silentStreams = await Promise.all([
    openRawStream(`${gateway.url}/silent/mcp?mode=silent`, { headers: EVENTS }),
    openRawStream(`${gateway.url}/silent/mcp?mode=silent`, {
      method: 'POST',
      headers: EVENTS,
      body: CALL,
    }),
    openRawStream(`${gateway.url}/crowded/sse`, { headers: EVENTS }),
  ]);
  await Promise.all(silentStreams.map((stream) => stream.until('\n\n')));
  silentSince = Date.now();
});

afterAll(async () => {
  silentStreams.forEach((stream) => stream.close());
  await gateway.close();
  await Promise.all([upstream, silent, crowded].map((server) => server.close()));
});

describe('a stream', () => {
  it.each(['GET', 'POST'])(
    'that answers a %s shows its first event while the upstream is still silent',
    async (method) => {
      const stream = await openRawStream(`${gateway.url}/plain/mcp?mode=silent`, {
        method,
        headers: EVENTS,
        ...(method === 'POST' && { body: CALL }),
      });
      expect(stream.status).toBe(200);
      expect(stream.headers['content-type']).toBe('text/event-stream');
      expect(stream.headers['content-encoding']).toBeUndefined();
      expect(await stream.until('\n\n')).toContain('notifications/message');
      // The upstream has not ended its answer: nothing but passing it on at once can have brought the event.
      expect(upstream.openRequests()).toBe(1);
      stream.close();
      await upstream.until(() => upstream.openRequests() === 0);
    },
  );

  it('that a client leaves is closed at the upstream as well', async () => {
    const stream = await openRawStream(`${gateway.url}/plain/mcp?mode=silent`, { headers: EVENTS });
    await stream.until('\n\n');
    const before = Date.now();
    stream.close();
    await upstream.until(() => upstream.openRequests() === 0);
    expect(Date.now() - before).toBeLessThan(1000);
  });

  it('that is not answered yet is cancelled at the upstream when the client gives up', async () => {
    const call = request(`${gateway.url}/plain/mcp?mode=slow&ms=5000`, { method: 'POST' });
    call.on('error', () => undefined);
    call.end(CALL);
    await upstream.until(() => upstream.openRequests() === 1);
    call.destroy();
    await upstream.until(() => upstream.openRequests() === 0);
    expect(upstream.openRequests()).toBe(0);
  });

  it('is one of thousands that may be open and idle at once', async () => {
    const streams: RawStream[] = [];
    for (let opened = 0; opened < IDLE_STREAMS; opened += 250) {
      const batch = Array.from({ length: 250 }, () => openRawStream(`${gateway.url}/crowded/sse`));
      streams.push(...(await Promise.all(batch)));
    }
    await Promise.all(streams.map((stream) => stream.until('\n\n')));
    // One more is the silent one.
    expect(crowded.openStreams()).toBe(IDLE_STREAMS + 1);
    expect(
      (await rawRequest(`${gateway.url}/plain/mcp`, { method: 'POST', body: CALL })).status,
    ).toBe(200);
    streams.forEach((stream) => stream.close());
    await eventually(
      () => crowded.openStreams(),
      (open) => open === 1,
    );
  });
});

describe('a body', () => {
  const body = Buffer.alloc(11 * MIB, 'x');

  it('of 5 MB passes whole', async () => {
    const before = upstream.requests.length;
    const sent = body.subarray(0, 5 * MIB);
    const answer = await rawRequest(`${gateway.url}/plain/mcp`, { method: 'POST', body: sent });
    expect(answer.status).toBe(202);
    expect(upstream.requests[before]?.bodyBytes).toBe(5 * MIB);
  });

  it('of 11 MB is refused with the limit when its length is announced', async () => {
    const before = upstream.requests.length;
    const answer = await rawRequest(`${gateway.url}/plain/mcp`, {
      method: 'POST',
      headers: { 'content-length': String(body.length) },
      body,
    });
    expect(expectGatewayError(answer, 413, 'request-too-large')).toContain(String(10 * MIB));
    expect(upstream.requests).toHaveLength(before);
  });

  it('of 11 MB is refused with the limit when it comes in chunks', async () => {
    const before = upstream.requests.length;
    const call = request(`${gateway.url}/plain/mcp`, {
      method: 'POST',
      headers: { 'transfer-encoding': 'chunked' },
    });
    call.on('error', () => undefined);
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    for (let at = 0; at < body.length && !call.destroyed; at += MIB) {
      call.write(body.subarray(at, at + MIB));
    }
    call.end();
    const [response] = await answered;
    const text = (await response.setEncoding('utf8').toArray()).join('');
    const answer = { status: response.statusCode ?? 0, headers: response.headers, body: text };
    expect(expectGatewayError(answer, 413, 'request-too-large')).toContain(String(10 * MIB));
    // A call that was cut short is none.
    expect(upstream.requests).toHaveLength(before);
  });
});

describe('connections to the upstream', () => {
  it('are kept: 200 calls in a row need a handful', async () => {
    const statuses = new Set<number>();
    const counted = await startEchoServer();
    try {
      await gateway.register({
        name: 'counted',
        path: '/counted',
        url: `${counted.url}/mcp`,
        transport: 'streamable-http',
      });
      const before = counted.connections();
      for (let call = 0; call < 200; call += 1) {
        const answer = await rawRequest(`${gateway.url}/counted/mcp`, {
          method: 'POST',
          body: CALL,
        });
        statuses.add(answer.status);
      }
      expect([...statuses]).toEqual([200]);
      // Each worker of nginx keeps its own.
      expect(counted.connections() - before).toBeLessThanOrEqual(8);
    } finally {
      await counted.close();
    }
  });
});

describe('silence', () => {
  it('of more than a minute ends no stream', async () => {
    const left = silentSince + SILENCE_MS - Date.now();
    const ended = silentStreams.map((stream) => stream.ended.then(() => 'ended'));
    const silence = new Promise((resolve) => setTimeout(() => resolve('still open'), left));
    expect(await Promise.race([...ended, silence])).toBe('still open');
    expect(silent.openRequests()).toBe(2);
    expect(crowded.openStreams()).toBe(1);
  });
});
