import type { CallersView } from '../../registry/operations/usage/usage-view.js';

const NAMED = 5;

type Callers = Pick<CallersView, 'calls' | 'callers'>;

/** `Used in the last 7 days: 12 calls by ada (10) and bob (2).` */
export function callersText(of: Callers): string {
  return `Used in the last 7 days: ${callsText(of)}.`;
}

/** `12 calls by ada (10) and bob (2)` */
export function callsText({ calls, callers }: Callers): string {
  const named = callers
    .slice(0, NAMED)
    .map(({ principal, calls: of }) => `${callerName(principal)} (${of.toLocaleString('en')})`);
  const rest = callers.length - named.length;
  if (rest > 0) named.push(`${rest.toLocaleString('en')} more`);
  const by = new Intl.ListFormat('en').format(named);
  return `${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'} by ${by}`;
}

/** @param principal empty: nobody in particular */
export function callerName(principal: string): string {
  return principal === '' ? 'callers without a token' : principal;
}
