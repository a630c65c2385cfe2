import { createReadStream } from 'node:fs';
import { Mutex } from 'async-mutex';
import { parseLogLine, type CallRecord } from './call-record.js';
import type { LogFiles } from './log-files.js';

/** As the gateway makes them: the installation, the time in seconds, connection and request (templates/nginx). */
const REQUEST_ID = /^[A-Za-z0-9_]+-(\d{1,12}\.\d{3})-\d+-\d+$/;
const CHUNK_BYTES = 1024 * 1024;

/** The record of a request, as long as its line is kept; undefined when there is none. */
export type FindCall = (requestId: string) => Promise<CallRecord | undefined>;

/** Looks into the log itself; one look at a time, since it may read all of it. */
export function createFindCall(files: LogFiles): FindCall {
  const turn = new Mutex();
  return async (requestId) => {
    const seconds = REQUEST_ID.exec(requestId)?.[1];
    if (seconds === undefined) return undefined;
    return turn.runExclusive(async () => {
      // What was last written to before the request began does not hold it.
      const since = Number(seconds) * 1000 - 1000;
      const found = (await files.list()).filter(({ writtenAt }) => writtenAt >= since);
      for (const { file } of found) {
        const line = await findLine(file, `"requestId":"${requestId}"`).catch(() => undefined);
        const parsed = line === undefined ? undefined : parseLogLine(line);
        if (parsed?.kind === 'call' && parsed.record.requestId === requestId) return parsed.record;
      }
      return undefined;
    });
  };
}

async function findLine(file: string, text: string): Promise<string | undefined> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    const end = bytes.lastIndexOf('\n') + 1;
    const at = bytes.indexOf(text);
    if (at !== -1 && at < end) {
      const begin = bytes.lastIndexOf('\n', at) + 1;
      return bytes.toString('utf8', begin, bytes.indexOf('\n', at));
    }
    // A line longer than a chunk is none of ours.
    rest = bytes.length - end > CHUNK_BYTES ? Buffer.alloc(0) : bytes.subarray(end);
  }
  return undefined;
}
