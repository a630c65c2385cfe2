import type { ServerSummary } from '../api/servers';
import { elapsedText } from './elapsed-text';

export interface Status {
  readonly label: string;
  /** A colour of the theme. */
  readonly color: 'teal' | 'gray' | 'red' | 'orange' | 'yellow';
  /** Whether somebody should look at it. */
  readonly isIssue: boolean;
  readonly detail: string;
}

const REASONS: Readonly<Record<string, string>> = {
  'invalid-record': 'The stored record is broken',
  'upstream-unresolved': 'Its host name does not resolve',
  'upstream-unverifiable': 'Its certificate cannot be verified',
  'upstream-refused-by-policy': 'The outbound policy forbids its address',
  'refused-by-nginx': 'nginx refused its configuration',
};

/** The one thing to say of a server first; the facts behind it are on its page. */
export function statusOf(server: Pick<ServerSummary, 'enabled' | 'health' | 'exclusion'>): Status {
  const { enabled, health, exclusion } = server;
  if (exclusion !== undefined) {
    const reason = REASONS[exclusion.reason] ?? exclusion.reason;
    return issue('Left out', 'red', `${reason}: ${exclusion.detail}`);
  }
  if (!enabled) {
    return { label: 'Disabled', color: 'gray', isIssue: false, detail: 'Calls are answered 503' };
  }
  const message = health.message ?? health.cause ?? '';
  if (health.reachable === 'no') return issue('Unreachable', 'red', message);
  if (health.usable === 'error') return issue('Failing', 'orange', message);
  if (health.usable === 'auth-required') {
    return {
      label: 'Asks for log-in',
      color: 'yellow',
      isIssue: false,
      detail: message || 'It answers, and wants credentials that the gateway does not have',
    };
  }
  if (health.usable === 'ok') {
    const ms = health.latencyMs === undefined ? '' : ` in ${elapsedText(health.latencyMs)}`;
    return { label: 'Healthy', color: 'teal', isIssue: false, detail: `Answered${ms}` };
  }
  return { label: 'Not checked', color: 'gray', isIssue: false, detail: 'No check has ended yet' };
}

function issue(label: string, color: Status['color'], detail: string): Status {
  return { label, color, isIssue: true, detail };
}
