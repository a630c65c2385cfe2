/**
 * What became of a request. `ok` says that it was answered; whether the tool succeeded is in the answer, which is not read.
 * It is also that of a server that says with 405 that it has no stream to GET, or no session to DELETE.
 * `unauthenticated`, `forbidden`, `not-found` and `limited` are 401, 403, 404 and 429, `refused` is any other fault of the
 * caller; `cancelled`: the caller left before the answer began; `unreachable`, `timeout`, `unavailable`: the gateway found no
 * server, no answer in time, or one that is disabled; `upstream-error`: the server itself answered with 5xx.
 */
export const CALL_OUTCOMES = [
  'ok',
  'unauthenticated',
  'forbidden',
  'not-found',
  'limited',
  'refused',
  'cancelled',
  'unreachable',
  'timeout',
  'unavailable',
  'upstream-error',
] as const;

export type CallOutcome = (typeof CALL_OUTCOMES)[number];

const OF_STATUS: Readonly<Record<number, CallOutcome>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  429: 'limited',
  499: 'cancelled',
  502: 'unreachable',
  504: 'timeout',
};

/** @param upstreamStatus as nginx logs it: empty where no upstream was asked, several where more than one was */
export function outcomeOf(status: number, upstreamStatus: string, httpMethod: string): CallOutcome {
  if (status < 400 || declinesOffer(status, upstreamStatus, httpMethod)) return 'ok';
  const answered = upstreamStatus.split(/[,:]/).at(-1)?.trim();
  if (status >= 500 && answered === String(status) && !isMadeByNginx(status, upstreamStatus)) {
    return 'upstream-error';
  }
  return OF_STATUS[status] ?? (status < 500 ? 'refused' : 'unavailable');
}

/** nginx notes 502 and 504 as if the upstream had said so when it said nothing. */
function isMadeByNginx(status: number, upstreamStatus: string): boolean {
  return upstreamStatus === String(status) && (status === 502 || status === 504);
}

/** Clients ask for a stream without knowing whether there is one; of servers the protocol wants exactly this answer. */
function declinesOffer(status: number, upstreamStatus: string, httpMethod: string): boolean {
  return (
    status === 405 && upstreamStatus !== '' && (httpMethod === 'GET' || httpMethod === 'DELETE')
  );
}

/** A caller who leaves is nobody's fault. */
export function isError(outcome: CallOutcome): boolean {
  return outcome !== 'ok' && outcome !== 'cancelled';
}
