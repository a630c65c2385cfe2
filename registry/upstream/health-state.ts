import type { Health } from './health.js';
import { isModernError, type ProbeOutcome } from './probe-outcome.js';

/** What one check says of a server, before the history is taken into account. */
export type Assessment = Omit<Health, 'checkedAt'>;

/** A server's health with the history that the next check needs. */
export interface TrackedHealth {
  readonly health: Health;
  /** Failed checks in a row. */
  readonly failures: number;
}

type Answer = Extract<ProbeOutcome, { kind: 'answer' }>;
type Finding = Omit<Assessment, 'latencyMs' | 'httpStatus'>;

/** So many scheduled checks in a row must fail before a server that was reachable counts as down. */
const FAILURE_THRESHOLD = 3;

/** Reads the outcome of a probe as the two facts of health: does it answer, and can it be used? */
export function assess(outcome: ProbeOutcome): Assessment {
  const latencyMs = Math.round(outcome.latencyMs);
  if (outcome.kind === 'fault') {
    const { cause, message } = outcome;
    const spoke = cause === 'protocol-error';
    return {
      reachable: spoke ? 'yes' : 'no',
      usable: spoke ? 'error' : 'unknown',
      cause,
      message,
      latencyMs,
    };
  }
  return { ...assessAnswer(outcome), httpStatus: outcome.status, latencyMs };
}

function assessAnswer(answer: Answer): Finding {
  const { url, status, reply } = answer;
  if (status === 401 || (status === 403 && answer.isScopeMissing)) {
    return reachable('auth-required', 'auth-required', wanted(answer));
  }
  if (status === 403) return reachable('error', 'forbidden', forbidden(url));
  if (status === 429) {
    return reachable('ok', 'rate-limited', `${url} limits the rate of requests (429).`);
  }
  if (status >= 500) {
    const message = `${url} answered ${status}. Read the server's log.`;
    return { reachable: 'no', usable: 'unknown', cause: 'http-error', message };
  }
  if (answer.problem !== undefined) {
    return reachable('error', 'protocol-error', `${url} ${answer.problem}.`);
  }
  if (reply?.result !== undefined || answer.announced === true || isModernError(answer)) {
    return { reachable: 'yes', usable: 'ok' };
  }
  if (status >= 300 && status < 400) return reachable('error', 'redirect', redirect(answer));
  if (status === 404 || status === 405) {
    return reachable(
      'error',
      'wrong-endpoint',
      `Something answers, but there is no MCP endpoint at ${url} (${status}). Register the server's MCP endpoint or its base URL, and see whether the transport is right.`,
    );
  }
  return unfit(answer);
}

function unfit({ url, status, contentType, reply }: Answer): Finding {
  if (reply?.error !== undefined) {
    const { code, message } = reply.error;
    return reachable(
      'error',
      'protocol-error',
      `${url} refused the MCP handshake: ${message} (code ${code}, HTTP ${status}).`,
    );
  }
  if (status >= 400) {
    return reachable('error', 'http-error', `${url} refused the MCP handshake with ${status}.`);
  }
  const seen = /html/i.test(contentType)
    ? 'an HTML page'
    : `something that is not MCP (${contentType === '' ? 'no content type' : contentType})`;
  return reachable(
    'error',
    'protocol-error',
    `${url} answered with ${seen}: it is not an MCP endpoint. Register the server's MCP endpoint, often the same address with /mcp.`,
  );
}

function reachable(
  usable: Health['usable'],
  cause: NonNullable<Health['cause']>,
  message: string,
): Finding {
  return { reachable: 'yes', usable, cause, message };
}

function wanted({ url, status, challenge }: Answer): string {
  const credential = status === 401 ? 'a credential' : 'a credential with more scope';
  const asked = challenge === undefined ? '' : `, and asks for ${challenge}`;
  return `${url} wants ${credential} (${status}${asked}). Set one as auth, or let clients bring their own ("pass-through").`;
}

function forbidden(url: string): string {
  return `${url} refuses the registry (403). If it checks the Host header, set hostHeader to a name it expects; otherwise see which addresses it admits.`;
}

function redirect({ url, location = '' }: Answer): string {
  return `${url} redirects to ${location === '' ? 'nowhere' : location}, and redirects to another origin are not followed. If that is where the server is, register it.`;
}

/**
 * The health after a check. One success is enough to be well again, and the first contact tells the
 * truth at once; but a server that was reachable is only down after FAILURE_THRESHOLD failures in a
 * row. `isDecisive` (somebody asked, or nothing but a change of settings can help) skips the wait.
 */
export function nextHealth(
  before: TrackedHealth,
  facts: Assessment,
  checkedAt: string,
  isDecisive: boolean,
): TrackedHealth {
  if (facts.reachable === 'yes') {
    return { failures: 0, health: { ...facts, usable: usableAfter(before, facts), checkedAt } };
  }
  const failures = before.failures + 1;
  const isPatient =
    before.health.reachable === 'yes' &&
    failures < FAILURE_THRESHOLD &&
    !isDecisive &&
    facts.cause !== 'refused-by-policy';
  if (!isPatient) return { failures, health: { ...facts, checkedAt } };
  const { usable } = before.health;
  const message = `Check ${failures} of ${FAILURE_THRESHOLD} failed: ${facts.message ?? ''}`;
  return { failures, health: { ...facts, reachable: 'yes', usable, message, checkedAt } };
}

/** Being told to slow down says nothing new about use. */
function usableAfter({ health }: TrackedHealth, { cause, usable }: Assessment): Health['usable'] {
  return cause === 'rate-limited' && health.usable !== 'unknown' ? health.usable : usable;
}

/** Whether two checks differ in something else than their time. */
export function isSameHealth(one: Health, other: Health): boolean {
  const facts = (health: Health) => {
    const { reachable: answers, usable, cause, message, httpStatus } = health;
    return JSON.stringify([answers, usable, cause, message, httpStatus]);
  };
  return facts(one) === facts(other);
}
