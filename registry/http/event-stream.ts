import type { Request, Response } from 'express';
import type { SendEvent } from './route.js';

/** An answer in server-sent events (HTML standard, section 9.2). */
export interface EventStream {
  /** Of a reader who is far behind the event is dropped. */
  readonly send: SendEvent;
  /** Sends the last event, whatever the reader is at, and closes. */
  end(event: string, data: unknown): void;
}

/** Proxies cut connections that are silent for long, often after a minute. */
const KEEP_ALIVE_MS = 15_000;
/** Of a reader who does not read, so much waits in memory. */
const MAX_WAITING = 1024 * 1024;

/** Whether the caller rather has an event stream than JSON. */
export function wantsEventStream(req: Request): boolean {
  return req.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}

/** Begins the answer at once, so that the caller knows that the work has begun. */
export function openEventStream(res: Response): EventStream {
  res.status(200).type('text/event-stream; charset=utf-8');
  // For proxies in front of us; our own nginx does not buffer.
  res.set('X-Accel-Buffering', 'no');
  res.flushHeaders();
  const keepAlive = setInterval(() => write(res, ': still here\n\n'), KEEP_ALIVE_MS);
  keepAlive.unref();
  res.once('close', () => clearInterval(keepAlive));
  return {
    send: (event, data) => {
      if (res.writableLength < MAX_WAITING) write(res, eventText(event, data));
    },
    end: (event, data) => {
      clearInterval(keepAlive);
      write(res, eventText(event, data));
      res.end();
    },
  };
}

function write(res: Response, text: string): void {
  if (!res.writableEnded && !res.destroyed) res.write(text);
}

/** JSON has no line breaks of its own, so that one data line holds it. */
function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data ?? null)}\n\n`;
}
