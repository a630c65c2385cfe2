import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { OpenSecret, SealedText } from '../catalog/server-auth.js';
import { deriveKey } from './derived-key.js';

/**
 * Seals secrets that must be read again, such as credentials for upstreams. `context` says what a secret
 * belongs to; sealed for one context, it cannot be opened for another.
 */
export interface Vault {
  /** Gives `v1.<base64url>`; the same secret looks different each time. */
  readonly seal: (plain: string, context: string) => SealedText;
  /** The secret, or undefined when the key is another one or the text was tampered with. */
  readonly open: OpenSecret;
}

const PREFIX = 'v1.';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a key of its own, derived from the installation's. */
export function createVault(secretKey: string): Vault {
  const key = deriveKey(secretKey, 'upstream-credentials');
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context, 'utf8'));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const sealed = Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url');
      return `${PREFIX}${sealed}` as SealedText;
    },
    open(sealed, context) {
      if (!sealed.startsWith(PREFIX)) return undefined;
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
      try {
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
      } catch {
        return undefined; // The tag does not fit.
      }
    },
  };
}
