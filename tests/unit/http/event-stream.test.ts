import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { openEventStream, type EventStream } from '../../../registry/http/event-stream.js';
import { readEvents } from '../../fixtures/read-events.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that hands out the stream of its next caller. */
async function start() {
  let opened: (stream: EventStream) => void = () => undefined;
  const stream = new Promise<EventStream>((resolve) => (opened = resolve));
  const server = createServer(
    express().get('/', (_req, res) => {
      opened(openEventStream(res));
    }),
  ).listen(0, '127.0.0.1');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stream };
}

describe('an event stream', () => {
  it('begins before there is an event, and keeps each of them in one line', async () => {
    const { port, stream } = await start();
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    const events = await stream;
    events.send('log', { data: 'a\n\nevent: result\ndata: {}\r\n\u2028' });
    events.end('result', { content: [] });
    events.send('log', 'too late');
    expect(readEvents(await answer.text())).toEqual([
      { event: 'log', data: { data: 'a\n\nevent: result\ndata: {}\r\n\u2028' } },
      { event: 'result', data: { content: [] } },
    ]);
  });

  it('drops events for who does not read, but never the last one', async () => {
    const { port, stream } = await start();
    const socket = connect(port, '127.0.0.1').pause();
    closers.push(() => socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const events = await stream;
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 200; count += 1) events.send('log', megabyte);
    events.end('result', 'the end');
    let read = '';
    socket.on('data', (chunk) => (read = (read + chunk.toString('latin1')).slice(-200)));
    socket.resume();
    let size = 0;
    socket.on('data', (chunk) => (size += chunk.length));
    await once(socket, 'close');
    expect(read).toContain('event: result\ndata: "the end"');
    expect(size).toBeLessThan(100 * 1024 * 1024);
  });

  it('does not mind a reader who has gone', async () => {
    const { port, stream } = await start();
    const leaving = new AbortController();
    await fetch(`http://127.0.0.1:${port}/`, { signal: leaving.signal });
    const events = await stream;
    leaving.abort();
    events.send('log', 1);
    expect(() => events.end('result', 2)).not.toThrow();
  });
});
