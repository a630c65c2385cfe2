import type { FileHandle } from 'node:fs/promises';

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;

/** A line without its end, and the offset of its first byte. */
interface Line {
  readonly text: string;
  readonly start: number;
}

/**
 * Gives the lines of the first `end` bytes of a file, the last one first, with no more of it in memory
 * than a chunk and a line. Empty lines are left out.
 */
export async function* linesBackwards(handle: FileHandle, end: number): AsyncGenerator<Line> {
  let position = end;
  /** The beginning of this line is in a chunk that was not read yet. */
  let unfinished: Buffer = Buffer.alloc(0);
  while (position > 0) {
    const length = Math.min(CHUNK, position);
    position -= length;
    const block = Buffer.concat([await readAt(handle, position, length), unfinished]);
    let stop = block.length;
    while (stop > 0) {
      const newline = block.lastIndexOf(NEWLINE, stop - 1);
      if (newline === -1) break;
      if (newline + 1 < stop) {
        yield { text: block.toString('utf8', newline + 1, stop), start: position + newline + 1 };
      }
      stop = newline;
    }
    unfinished = block.subarray(0, stop);
  }
  if (unfinished.length > 0) yield { text: unfinished.toString('utf8'), start: 0 };
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
