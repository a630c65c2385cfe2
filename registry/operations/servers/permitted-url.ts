import type { Auth, AuthInput } from '../../catalog/server-auth.js';
import type { FieldProblem } from '../../errors.js';
import type { OutboundGuard } from '../../upstream/outbound-guard.js';
import { validationError } from '../validate.js';

export type JudgeUrl = OutboundGuard['judgeUrl'];

/** Where the registry and nginx are to go for a server. */
interface Addresses {
  readonly url?: string | undefined;
  readonly auth?: Auth | AuthInput | undefined;
}

/**
 * Refuses addresses that the outbound policy forbids, as far as that can be told without looking a name up: what a name
 * stands for changes, and is judged whenever it is looked up. An address that a server has already is not asked about: the
 * policy may have changed since, and the rest of the server can be changed all the same.
 * @throws RegistryError `validation-failed`
 */
export function requirePermittedUrls(
  judgeUrl: JudgeUrl,
  wanted: Addresses,
  before: Addresses = {},
): void {
  const problems = [
    ...problemsOf(judgeUrl, 'url', wanted.url, before.url),
    ...problemsOf(judgeUrl, 'auth.tokenUrl', tokenUrlOf(wanted), tokenUrlOf(before)),
  ];
  if (problems.length > 0) throw validationError(problems);
}

function problemsOf(
  judgeUrl: JudgeUrl,
  field: string,
  url: string | undefined,
  before: string | undefined,
): FieldProblem[] {
  if (url === undefined || url === before) return [];
  const verdict = judgeUrl(url);
  return verdict.ok ? [] : [{ field, message: verdict.reason }];
}

function tokenUrlOf({ auth }: Addresses): string | undefined {
  return auth?.type === 'oauth-client-credentials' ? auth.tokenUrl : undefined;
}
