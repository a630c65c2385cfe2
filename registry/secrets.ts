import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The installation's key: the configured one, else one that is generated once and kept, readable by us alone. */
export function secretKey(dataDir: string, configured: string | undefined): string {
  if (configured !== undefined) return configured;
  const file = path.join(dataDir, 'secret.key');
  if (!existsSync(file)) writePrivateFile(file, randomBytes(32).toString('base64url'));
  return readFileSync(file, 'utf8').trim();
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

/** Writes a file whole, mode 0600. */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${text}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}
