import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { RegistryError } from '../errors.js';

/**
 * Lets only nginx pass: it alone knows the key. The registry's listener may be open to others, and what is
 * learned costs work and files.
 */
export function createGateKeyCheck(key: string): RequestHandler {
  const expected = digestOf(key);
  return (req, _res, next) => {
    // Digests have the same length, and how long the comparison takes tells nothing of the key.
    if (!timingSafeEqual(digestOf(req.get('x-gate-key') ?? ''), expected)) {
      throw new RegistryError('authentication-required', 'Only the gateway may ask this.');
    }
    next();
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
