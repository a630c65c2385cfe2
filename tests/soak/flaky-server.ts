import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { freePort } from '../fixtures/free-port.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { answerMessage, type JsonRpcMessage } from '../fixtures/small-mcp.js';

const ANSWERS_MS = 4000;
const HANGS_MS = 3000;
const DEAD_MS = 3000;

/** An upstream that answers for a while, then hangs, then is dead, and comes back. */
export interface FlakyServer {
  readonly url: string;
  /** How often it came back. */
  returns(): number;
  /** Ends the turns; it answers from then on. */
  close(): Promise<void>;
}

export async function startFlakyServer(): Promise<FlakyServer> {
  const port = await freePort();
  const stop = new AbortController();
  let hangs = false;
  let returns = 0;
  const start = () =>
    listen(
      (req, res) => {
        const serve = async () => {
          const message = JSON.parse((await text(req)) || '{}') as JsonRpcMessage;
          if (hangs) return;
          res.writeHead(200, { 'content-type': 'application/json' });
          res.end(JSON.stringify(answerMessage(message) ?? {}));
        };
        serve().catch(() => res.destroy());
      },
      { port },
    );
  let listening: Listening | undefined = await start();
  const pause = (ms: number) => delay(ms, undefined, { signal: stop.signal });
  const turns = async () => {
    for (;;) {
      await pause(ANSWERS_MS);
      hangs = true;
      await pause(HANGS_MS);
      await listening?.close();
      listening = undefined;
      hangs = false;
      await pause(DEAD_MS);
      listening = await start();
      returns += 1;
    }
  };
  const ended = turns().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    returns: () => returns,
    async close() {
      stop.abort();
      await ended;
      await listening?.close();
    },
  };
}
