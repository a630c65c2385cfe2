import { createHash } from 'node:crypto';
import type { ServerPath } from './server-path.js';

/** Name of the file in which nginx finds the headers for the upstream of the server at `path`. */
export function credentialFileName(path: ServerPath): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32);
}
