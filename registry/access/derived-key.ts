import { createHmac, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * A key of its own for one purpose, made of the installation's key (RFC 5869, HKDF with SHA-256): whoever
 * learns it learns neither the installation's key nor that of another purpose.
 * @returns 32 bytes
 */
export function deriveKey(secretKey: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, '', purpose, KEY_BYTES));
}

/** What nginx must send as X-Gate-Key when it asks about a token: 64 hex digits. */
export function gateLearnKey(secretKey: string): string {
  return Buffer.from(deriveKey(secretKey, 'gate-learn')).toString('hex');
}

/** What the registry shows to nginx when it asks how many connections there are; nginx makes the same of its own key. */
export function connectionsKey(secretKey: string): string {
  return createHmac('sha256', gateLearnKey(secretKey)).update('connections').digest('hex');
}
