import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The installation's key: the configured one, else one that is generated once and kept, readable by us alone.
 * @throws Error when the kept one is empty: whatever was sealed or signed with that, everybody could open or sign
 */
export function secretKey(dataDir: string, configured: string | undefined): string {
  if (configured !== undefined) return configured;
  const file = path.join(dataDir, 'secret.key');
  if (!existsSync(file)) writePrivateFile(file, randomBytes(32).toString('base64url'));
  const key = readFileSync(file, 'utf8').trim();
  if (key !== '') return key;
  throw new Error(
    `${file} is empty. Bring it back from a backup, or remove it and start again: then a new key is made, and the credentials of servers have to be set anew.`,
  );
}

/** What tells this installation from its replicas: eight hex digits, made once and kept. No secret. */
export function instanceId(dataDir: string): string {
  const file = path.join(dataDir, 'instance');
  if (!/^[0-9a-f]{8}$/.test(readPrivateFile(file) ?? '')) {
    writePrivateFile(file, randomBytes(4).toString('hex'));
  }
  return readPrivateFile(file) ?? '';
}

/** What a private file says, or nothing when there is none. */
export function readPrivateFile(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Writes a file whole, mode 0600: after a crash there is the old one or the new one, and no empty one. */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${text}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, file);
}
