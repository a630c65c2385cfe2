import type { ClientHost } from './client-guide.js';
import { codex } from './codex-host.js';
import { claudeCode, claudeDesktop, curl } from './command-hosts.js';
import { cursor, gemini, genericJson, vscode, windsurf } from './json-hosts.js';

/** In the order in which people are offered them. */
export const CLIENT_HOSTS: readonly ClientHost[] = [
  cursor,
  vscode,
  claudeCode,
  claudeDesktop,
  windsurf,
  codex,
  gemini,
  genericJson,
  curl,
];
