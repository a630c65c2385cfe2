import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A body that is made while it is sent. */
export interface StreamedBody {
  readonly chunks: AsyncIterable<string>;
}

export function isStreamed(body: unknown): body is StreamedBody {
  return typeof body === 'object' && body !== null && 'chunks' in body;
}

/** Sends as fast as the caller takes it. A caller that leaves ends it, and is nobody's fault. @throws what the chunks throw */
export async function sendStream(res: Response, { chunks }: StreamedBody): Promise<void> {
  if (res.req.method === 'HEAD') {
    res.end();
    return;
  }
  try {
    await pipeline(Readable.from(chunks), res);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw thrown;
  }
}
