import { Problem, problemOf } from './problem';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Revision that the server must still have. */
  readonly ifRevision?: number;
  readonly signal?: AbortSignal;
}

/** Of the session; unsafe requests show it. */
let csrfToken: string | null = null;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/**
 * Asks the API.
 * @param path below the origin, such as `/api/servers`
 * @returns the parsed body; undefined without one
 * @throws Problem when the answer is no, or there is none (status 0)
 */
export async function request<T>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const answer = await send(method, path, options);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

/** The same, for answers that are read in another way. @throws Problem */
export async function send(
  method: Method,
  path: string,
  { query, body, ifRevision, signal }: RequestOptions & { readonly accept?: string } = {},
  accept = 'application/json',
): Promise<Response> {
  const answer = await fetch(path + queryText(query), {
    method,
    headers: {
      Accept: accept,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(method !== 'GET' && csrfToken !== null && { 'X-CSRF-Token': csrfToken }),
      ...(ifRevision !== undefined && { 'If-Match': `"${String(ifRevision)}"` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new Problem(
      0,
      'unreachable',
      'No answer',
      'The registry does not answer. Is it running?',
    );
  });
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

/** `/api/servers/a/b`, with an action below it where there is one. */
export function serverUrl(path: string, ...below: readonly string[]): string {
  return ['/api/servers', path.replace(/^\//, ''), ...below.map(encodeURIComponent)].join('/');
}

/** `?a=b`, without what is empty; empty when nothing is left. */
export function queryText(query: RequestOptions['query'] = {}): string {
  const set = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  );
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
}
