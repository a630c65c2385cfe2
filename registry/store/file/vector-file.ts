import { crc32 } from 'node:zlib';
import { z } from 'zod';

const HASH_BYTES = 32;
const FLOAT_BYTES = 4;
const SUM_BYTES = 4;
const NEWLINE = 10;

const headSchema = z.strictObject({ version: z.literal(2), dimensions: z.int().min(0) });

type Vectors = ReadonlyMap<string, Float32Array>;

/*
 * A line of JSON that says how long vectors are; then for each vector its hash, its numbers in 32 bits, and the CRC-32 of
 * both, little-endian. A vector may be there several times.
 */

/** The line before the vectors, which have one length. */
export function encodeHead(vectors: Vectors): Buffer {
  const dimensions = [...vectors.values()][0]?.length ?? 0;
  return Buffer.from(`${JSON.stringify({ version: 2, dimensions })}\n`);
}

export function encodeVectors(vectors: Vectors): Buffer {
  return Buffer.concat([...vectors].map(([hash, vector]) => encodeVector(hash, vector)));
}

function encodeVector(hash: string, vector: Float32Array): Buffer {
  const end = HASH_BYTES + vector.length * FLOAT_BYTES;
  const record = Buffer.alloc(end + SUM_BYTES);
  record.write(hash, 'hex');
  vector.forEach((value, at) => record.writeFloatLE(value, HASH_BYTES + at * FLOAT_BYTES));
  record.writeUInt32LE(crc32(record.subarray(0, end)), end);
  return record;
}

/**
 * Reads vectors as far as they are whole.
 * @returns end: up to where in the file
 * @throws Error with what is wrong with the line before them
 */
export function decodeVectors(bytes: Buffer): { readonly vectors: Vectors; readonly end: number } {
  const head = bytes.indexOf(NEWLINE) + 1;
  const { dimensions } = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, head)));
  const sumAt = HASH_BYTES + dimensions * FLOAT_BYTES;
  const vectors = new Map<string, Float32Array>();
  let end = head;
  for (;;) {
    const record = bytes.subarray(end, end + sumAt + SUM_BYTES);
    if (record.length < sumAt + SUM_BYTES) break;
    if (crc32(record.subarray(0, sumAt)) !== record.readUInt32LE(sumAt)) break;
    vectors.set(record.toString('hex', 0, HASH_BYTES), floatsIn(record, dimensions));
    end += record.length;
  }
  return { vectors, end };
}

function floatsIn(record: Buffer, count: number): Float32Array {
  const at = (index: number) => record.readFloatLE(HASH_BYTES + index * FLOAT_BYTES);
  return Float32Array.from({ length: count }, (_, index) => at(index));
}
