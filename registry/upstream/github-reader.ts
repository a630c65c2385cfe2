import type { SecureContext } from 'node:tls';
import { isFields, type Fields } from '../catalog/import/read-json.js';
import type { GitHubRepository, RepositoryFacts } from '../catalog/repository.js';
import { underDeadline } from './deadline.js';
import { faultOf } from './fault.js';
import { repositoryFacts, serverJsonFacts } from './github-facts.js';
import { pauseAfter } from './github-limits.js';
import { openChannel, type Fetch } from './outbound-channel.js';
import type { OutboundGuard } from './outbound-guard.js';

/** What came of a look at a repository; `pauseUntil`, in milliseconds: GitHub wants to be left alone until then. */
type GitHubAnswer = { readonly pauseUntil?: number | undefined } & (
  | { readonly kind: 'found'; readonly facts: RepositoryFacts; readonly etag?: string | undefined }
  /** As at the last look. */
  | { readonly kind: 'same' }
  /** It was not told, because too much was asked. */
  | { readonly kind: 'limited' }
  | { readonly kind: 'failed'; readonly problem: string }
);

/** Looks at a repository. Never throws. @param etag of the last look */
export type ReadGitHub = (
  repository: GitHubRepository,
  etag: string | undefined,
  signal: AbortSignal,
) => Promise<GitHubAnswer>;

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_ETAG = 200;

export function createGitHubReader(deps: {
  readonly guard: OutboundGuard;
  readonly systemTrust?: SecureContext | undefined;
  /** Of the API, without a trailing slash. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly clock: () => Date;
}): ReadGitHub {
  const { guard, systemTrust, url, token, clock } = deps;
  return async (repository, etag, outer) => {
    const channel = openChannel(guard, {
      tls: { verify: true },
      systemTrust,
      connectTimeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    });
    try {
      return await underDeadline(TIMEOUT_MS, outer, (signal) =>
        look(repository, etag, { fetch: channel.fetch, url, token, signal, now: clock() }),
      );
    } catch (thrown) {
      return { kind: 'failed', problem: faultOf(thrown, url).message };
    } finally {
      await channel.close();
    }
  };
}

interface Looking {
  readonly fetch: Fetch;
  readonly url: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly now: Date;
}

async function look(
  { owner, name }: GitHubRepository,
  etag: string | undefined,
  looking: Looking,
): Promise<GitHubAnswer> {
  const at = `${looking.url}/repos/${owner}/${name}`;
  const answer = await ask(at, 'application/vnd.github+json', looking, etag);
  const pauseUntil = pauseAfter(answer, looking.now);
  if (answer.status === 304) return { kind: 'same', pauseUntil };
  if (answer.status === 429 || (answer.status === 403 && pauseUntil !== undefined)) {
    return { kind: 'limited', pauseUntil };
  }
  const body = answer.status === 200 ? await fieldsOf(answer) : undefined;
  if (body === undefined) return { kind: 'failed', problem: problemOf(answer.status), pauseUntil };
  const file = await ask(`${at}/contents/server.json`, 'application/vnd.github.raw+json', looking);
  const serverJson = file.status === 200 ? serverJsonFacts(await fieldsOf(file)) : undefined;
  const tag = answer.headers.get('etag') ?? undefined;
  return {
    kind: 'found',
    facts: { ...repositoryFacts(body), ...(serverJson && { serverJson }) },
    ...(tag !== undefined && tag.length <= MAX_ETAG && { etag: tag }),
    pauseUntil: pauseAfter(file, looking.now) ?? pauseUntil,
  };
}

/** Follows one redirect within the API: that is where renamed repositories are. */
async function ask(
  url: string,
  accept: string,
  looking: Looking,
  etag?: string,
): Promise<Response> {
  const { fetch, token, signal, url: base } = looking;
  const headers = {
    accept,
    'x-github-api-version': '2022-11-28',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(etag !== undefined && { 'if-none-match': etag }),
  };
  const answer = await fetch(url, { headers, signal });
  const location = answer.headers.get('location');
  if (![301, 302, 307, 308].includes(answer.status) || location === null) return answer;
  const target = new URL(location, url);
  await answer.body?.cancel();
  // The token is for this API alone.
  return target.origin === new URL(base).origin
    ? fetch(target, { headers, signal })
    : new Response(null, { status: 404 });
}

async function fieldsOf(answer: Response): Promise<Fields | undefined> {
  const text = await answer.text();
  try {
    const value = JSON.parse(text) as unknown;
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function problemOf(status: number): string {
  if (status === 404) return 'GitHub has no such repository, or does not show it to this registry.';
  if (status === 401) return 'GitHub does not take GITHUB_TOKEN.';
  return status === 200
    ? 'GitHub answered with something that is no repository; see GITHUB_API_URL.'
    : `GitHub answered HTTP ${status}.`;
}
