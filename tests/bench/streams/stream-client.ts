// Holds streams and waits for slow calls, in a process of its own.

import http from 'node:http';
import { SENT_AT } from './stream-server-setup.js';
import type { StreamOrder, StreamOrders } from './stream-orders.js';

const SENT = new RegExp(`"${SENT_AT}":"(\\d+)"`, 'g');
/** Opened at a time: more than the accept queue holds would be sent again by the kernel, after a second. */
const AT_ONCE = 100;

const held: http.ClientRequest[] = [];

const orders: {
  readonly [Kind in keyof StreamOrders]: (
    order: StreamOrders[Kind]['order'],
  ) => Promise<StreamOrders[Kind]['answer']>;
} = { hold, release, events, calls };

/** Streams beside those that are held already. */
async function hold({ url, headers, count }: StreamOrders['hold']['order']): Promise<{
  readonly refused: number;
}> {
  let refused = 0;
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - opened) }, () =>
      open(url, headers).catch(() => undefined),
    );
    refused += (await Promise.all(some)).filter((answer) => answer?.statusCode !== 200).length;
  }
  return { refused };
}

function release(): Promise<Record<string, never>> {
  for (const request of held.splice(0)) request.destroy();
  return Promise.resolve({});
}

function open(url: string, headers: http.OutgoingHttpHeaders): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, headers }, (answer) => {
      answer.on('error', () => undefined);
      answer.resume();
      resolve(answer);
    });
    request.on('error', reject);
    held.push(request);
  });
}

/** Of one stream: when its first event came, and how late each was. In milliseconds. */
function events({ url, headers, count }: StreamOrders['events']['order']): Promise<{
  readonly firstMs: number;
  readonly lateMs: readonly number[];
}> {
  const begin = performance.now();
  let firstMs = 0;
  const lateMs: number[] = [];
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url}: ${String(answer.statusCode)}`));
      answer.on('error', () => undefined);
      answer.on('data', (chunk: Buffer) => {
        const now = process.hrtime.bigint();
        if (lateMs.length === 0) firstMs = performance.now() - begin;
        for (const [, at = '0'] of chunk.toString().matchAll(SENT)) {
          lateMs.push(Number(now - BigInt(at)) / 1e6);
        }
        if (lateMs.length < count) return;
        request.destroy();
        resolve({ firstMs, lateMs });
      });
    });
    request.on('error', reject);
  });
}

/** All at the same time, each on a connection of its own that is kept for the next wave. */
async function calls({
  url,
  headers,
  body,
  count,
  waves,
}: StreamOrders['calls']['order']): Promise<{
  readonly timesMs: readonly number[];
  readonly failures: number;
}> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: count, maxFreeSockets: count });
  const timesMs: number[] = [];
  let failures = 0;
  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const begin = performance.now();
      const fail = (): void => {
        failures += 1;
        resolve();
      };
      const request = http.request(url, { method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        answer.once('error', fail);
        answer.once('end', () => {
          if (answer.statusCode === 200) {
            timesMs.push(performance.now() - begin);
            resolve();
          } else fail();
        });
      });
      request.once('error', fail);
      request.end(body);
    });
  for (let wave = 0; wave < waves; wave += 1) {
    await Promise.all(Array.from({ length: count }, once));
  }
  agent.destroy();
  return { timesMs, failures };
}

process.on('message', (order: StreamOrder) => {
  const work = orders[order.kind] as (order: StreamOrder) => Promise<object>;
  work(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
