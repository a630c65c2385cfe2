import { open, type FileHandle } from 'node:fs/promises';
import type { LogFile } from './log-files.js';
import { checkedBytes, checkOf, type LogPosition } from './log-position.js';

/** Read at once: what is parsed in a millisecond or two. */
const CHUNK_BYTES = 64 * 1024;

/** What the reader does not understand, counted. */
export interface ReadTrouble {
  /** A line without an end that is longer than any of ours. */
  endless(): void;
  /** A file that is not the one that it was: emptied, or another one with its number. It is read from its begin. */
  replaced(file: string): void;
}

/** Reads log files on from where it was. Positions move on together with the lines, with nothing in between. */
export class LogReader {
  readonly #positions: Map<string, LogPosition>;
  readonly #trouble: ReadTrouble;

  constructor(positions: readonly LogPosition[], trouble: ReadTrouble) {
    this.#positions = new Map(positions.map((position) => [position.inode, position]));
    this.#trouble = trouble;
  }

  positions(): readonly LogPosition[] {
    return [...this.#positions.values()];
  }

  /** How much of a file has not been read. */
  unread({ inode, bytes }: LogFile): number {
    return Math.max(0, bytes - (this.#positions.get(inode)?.offset ?? 0));
  }

  /** Forgets files that are gone: their numbers may be used again. */
  keepOnly(files: readonly LogFile[]): void {
    const inodes = new Set(files.map(({ inode }) => inode));
    for (const inode of this.#positions.keys()) {
      if (!inodes.has(inode)) this.#positions.delete(inode);
    }
  }

  /** Counts a file as read. */
  async skip(file: LogFile): Promise<void> {
    const handle = await open(file.file, 'r');
    try {
      const before = await bytesAt(handle, file.bytes, 0);
      this.#move(file.inode, file.bytes, before);
    } finally {
      await handle.close();
    }
  }

  /**
   * Gives out lines that are complete, without their ends, until there are no more or `limit` bytes were read.
   * @param rest waited for after each chunk
   * @returns the bytes that were read
   */
  async read(
    file: LogFile,
    limit: number,
    take: (line: string) => void,
    rest: () => Promise<void>,
  ): Promise<number> {
    if (this.#isUnchanged(file)) return 0;
    const handle = await open(file.file, 'r');
    try {
      await this.#recognise(handle, file);
      let sum = 0;
      while (sum < limit) {
        const bytes = await this.#readOn(handle, file.inode, take);
        if (bytes === 0) break;
        sum += bytes;
        await rest();
      }
      return sum;
    } finally {
      await handle.close();
    }
  }

  #isUnchanged({ inode, bytes }: LogFile): boolean {
    return this.#positions.get(inode)?.offset === bytes;
  }

  async #recognise(handle: FileHandle, { file, inode, bytes }: LogFile): Promise<void> {
    const position = this.#positions.get(inode);
    if (position === undefined) return;
    const before = await bytesAt(handle, position.offset, 0);
    if (position.offset <= bytes && checkOf(before) === position.check) return;
    this.#trouble.replaced(file);
    this.#positions.delete(inode);
  }

  async #readOn(handle: FileHandle, inode: string, take: (line: string) => void): Promise<number> {
    const offset = this.#positions.get(inode)?.offset ?? 0;
    const back = checkedBytes(offset);
    const bytes = await bytesAt(handle, offset, CHUNK_BYTES);
    const end = bytes.lastIndexOf('\n') + 1;
    if (end > back) {
      // One pass: what throws in between would count lines twice.
      for (const line of bytes.toString('utf8', back, end - 1).split('\n')) take(line);
      this.#move(inode, offset + end - back, bytes.subarray(0, end));
      return end - back;
    }
    if (bytes.length < back + CHUNK_BYTES) return 0;
    this.#trouble.endless();
    this.#move(inode, offset + CHUNK_BYTES, bytes);
    return CHUNK_BYTES;
  }

  #move(inode: string, offset: number, before: Buffer): void {
    this.#positions.set(inode, { inode, offset, check: checkOf(before) });
  }
}

/** The bytes before the offset that are checked, and `more` behind it. */
async function bytesAt(handle: FileHandle, offset: number, more: number): Promise<Buffer> {
  const back = checkedBytes(offset);
  const buffer = Buffer.allocUnsafe(back + more);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset - back);
  return buffer.subarray(0, bytesRead);
}
