import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^40 is about 238 bits. */
const RANDOM_LENGTH = 40;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;
const TOKEN = new RegExp(`^mcpgw_([0-9A-Za-z]{32,128})_([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);

/** Random base62 text from the system's generator. */
export function randomBase62(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

/** A new bearer token: `mcpgw_<random>_<checksum>`. */
export function makeToken(): string {
  const random = randomBase62(RANDOM_LENGTH);
  return `mcpgw_${random}_${checksumOf(random)}`;
}

/**
 * Whether the text can be a token of ours at all. The checksum tells a mistyped or cut token, and
 * lets secret scanners be certain, without a look-up.
 */
export function isWellFormedToken(text: string): boolean {
  const [, random, checksum] = TOKEN.exec(text) ?? [];
  return random !== undefined && checksumOf(random) === checksum;
}

/** SHA-256 of the whole token in hex: all that is kept of it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** CRC-32 in base62, as long as the largest one. */
function checksumOf(random: string): string {
  let rest = crc32(random);
  let text = '';
  while (text.length < CHECKSUM_LENGTH) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
