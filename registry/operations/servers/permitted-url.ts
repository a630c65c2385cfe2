import type { OutboundGuard } from '../../upstream/outbound-guard.js';
import { validationError } from '../validate.js';

export type JudgeUrl = OutboundGuard['judgeUrl'];

/**
 * Refuses an address that the outbound policy forbids, as far as that can be told without looking a name up: what a name
 * stands for changes, and is judged whenever it is looked up. An address that a server has already is not asked about: the
 * policy may have changed since, and the rest of the server can be changed all the same.
 * @throws RegistryError `validation-failed`
 */
export function requirePermittedUrl(
  judgeUrl: JudgeUrl,
  url: string | undefined,
  before?: string,
): void {
  if (url === undefined || url === before) return;
  const verdict = judgeUrl(url);
  if (!verdict.ok) throw validationError([{ field: 'url', message: verdict.reason }]);
}
