import path from 'node:path';
import { createAuthenticator } from '../access/authenticator.js';
import { isWorkingAdmin } from '../access/last-admin.js';
import type { TokenOperations } from '../operations/access/token-operations.js';
import { readPrivateFile, writePrivateFile } from '../secrets.js';
import type { Store } from '../store/store.js';

const SCRIPTS_TOKEN = 'scripts on this machine';

/** A token for the shell scripts of whoever may read the data directory. */
export async function issueScriptsToken(parts: {
  readonly dataDir: string;
  readonly store: Store;
  readonly tokens: TokenOperations;
  readonly clock: () => Date;
}): Promise<void> {
  const { dataDir, store, tokens } = parts;
  // One of our own: to look whether the token holds is not to use it.
  const authenticator = createAuthenticator(parts);
  const file = path.join(dataDir, 'operator-token');
  const kept = readPrivateFile(file);
  const owner = store.state().accounts.find(isWorkingAdmin);
  if (owner === undefined || !store.health().writable) return;
  if (kept !== undefined && authenticator.ofToken(kept) !== undefined) return;
  const principal = authenticator.ofUser(owner.username);
  if (principal === undefined) return;
  const { token } = await tokens.issue({ name: SCRIPTS_TOKEN, scopes: ['admin'] }, principal);
  writePrivateFile(file, token);
}
