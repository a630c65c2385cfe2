import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** A change to time, from outside of the registry's process. */
export interface TimedChange {
  readonly apiUrl: string;
  readonly token: string;
  /** The server to enable. */
  readonly path: string;
  /** Where its first call is answered. */
  readonly callUrl: string;
}

export interface ChangeTimes {
  /** Milliseconds from the call of the API to the first answered tool call. */
  readonly live: number;
  /** Milliseconds until the API, or else the gateway's status, says `applied`. */
  readonly applied: number;
  /** What the call of the API itself answered. */
  readonly state: string;
}

const DEADLINE_MS = 30_000;
const BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'echo', arguments: {} },
});

/** A connection of its own, since a kept one would stay with an old worker. */
function isAnswered(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const request = http.request(url, { method: 'POST', agent: false, headers }, (answer) => {
      answer.resume();
      answer.on('close', () => resolve(answer.statusCode === 200));
    });
    request.on('error', () => resolve(false));
    request.end(BODY);
  });
}

async function untilAnswered(url: string, begin: number): Promise<number> {
  while (!(await isAnswered(url))) {
    if (performance.now() - begin > DEADLINE_MS) throw new Error(`${url} is not answered`);
    await delay(2);
  }
  return performance.now() - begin;
}

async function enable(change: TimedChange, begin: number): Promise<Omit<ChangeTimes, 'live'>> {
  const headers = { authorization: `Bearer ${change.token}` };
  const api = `${change.apiUrl}/api/servers${change.path}/enable`;
  const answer = await fetch(api, { method: 'POST', headers });
  const { gateway } = (await answer.json()) as { gateway: { state: string } };
  let state = gateway.state;
  while (state === 'pending' && performance.now() - begin < DEADLINE_MS) {
    await delay(5);
    const status = await fetch(`${change.apiUrl}/api/gateway`, { headers });
    ({ state } = (await status.json()) as { state: string });
  }
  if (state !== 'applied') throw new Error(`the change is ${state}`);
  return { applied: performance.now() - begin, state: gateway.state };
}

async function timeChange(change: TimedChange): Promise<ChangeTimes> {
  const begin = performance.now();
  const [live, answered] = await Promise.all([
    untilAnswered(change.callUrl, begin),
    enable(change, begin),
  ]);
  return { live, ...answered };
}

process.on('message', (change: TimedChange) => {
  timeChange(change).then(
    (times) => process.send?.({ times }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
