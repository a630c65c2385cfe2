import { describe, expect, it } from '@jest/globals';
import { UNKNOWN_HEALTH } from '../../../registry/upstream/health.js';
import {
  assess,
  isSameHealth,
  nextHealth,
  type Assessment,
  type TrackedHealth,
} from '../../../registry/upstream/health-state.js';
import type { ProbeOutcome } from '../../../registry/upstream/probe-outcome.js';

const AT = '2026-01-01T00:00:00.000Z';
const FRESH: TrackedHealth = { health: UNKNOWN_HEALTH, failures: 0 };
const OK: Assessment = { reachable: 'yes', usable: 'ok' };
const DOWN: Assessment = { reachable: 'no', usable: 'unknown', cause: 'tcp', message: 'gone' };

type Answer = Extract<ProbeOutcome, { kind: 'answer' }>;

function answer(status: number, change: Partial<Answer> = {}): ProbeOutcome {
  return {
    kind: 'answer',
    url: 'http://host/mcp',
    status,
    contentType: 'application/json',
    isScopeMissing: false,
    latencyMs: 1.4,
    ...change,
  };
}

const rpc = (code: number) => ({ reply: { error: { code, message: 'no' } } });

describe('the assessment of an answer', () => {
  it.each<[string, ProbeOutcome, Partial<Assessment>]>([
    ['a result', answer(200, { reply: { result: {} } }), { reachable: 'yes', usable: 'ok' }],
    ['401', answer(401), { usable: 'auth-required', cause: 'auth-required' }],
    ['403 for scope', answer(403, { isScopeMissing: true }), { usable: 'auth-required' }],
    ['another 403', answer(403), { reachable: 'yes', usable: 'error', cause: 'forbidden' }],
    ['429', answer(429), { reachable: 'yes', usable: 'ok', cause: 'rate-limited' }],
    ['400 in the words of 2026', answer(400, rpc(-32020)), { usable: 'ok' }],
    ['404 in the words of 2026', answer(404, rpc(-32022)), { usable: 'ok' }],
    ['405 in the words of 2026', answer(405, rpc(-32021)), { usable: 'ok' }],
    ['another 404', answer(404, rpc(-32601)), { usable: 'error', cause: 'wrong-endpoint' }],
    ['another 405', answer(405), { reachable: 'yes', cause: 'wrong-endpoint' }],
    ['an error of old', answer(400, rpc(-32000)), { usable: 'error', cause: 'protocol-error' }],
    ['406', answer(406), { reachable: 'yes', usable: 'error', cause: 'http-error' }],
    ['a redirect', answer(302, { location: 'http://x/' }), { usable: 'error', cause: 'redirect' }],
    ['500', answer(500), { reachable: 'no', usable: 'unknown', cause: 'http-error' }],
    ['a page', answer(200, { contentType: 'text/html' }), { cause: 'protocol-error' }],
    ['an announced endpoint', answer(200, { announced: true }), { usable: 'ok' }],
  ])('%s', (_name, outcome, expected) => {
    expect(assess(outcome)).toMatchObject({ ...expected, latencyMs: 1 });
  });

  it.each(['dns', 'tcp', 'tls', 'timeout', 'refused-by-policy'] as const)(
    'counts the fault %s as not reachable',
    (cause) => {
      const fault = { kind: 'fault', url: 'http://host/', message: 'why', latencyMs: 0 } as const;
      expect(assess({ ...fault, cause })).toMatchObject({ reachable: 'no', cause, message: 'why' });
    },
  );
});

describe('the health after a check', () => {
  const after = (assessments: readonly Assessment[], isDecisive = false): TrackedHealth =>
    assessments.reduce((state, facts) => nextHealth(state, facts, AT, isDecisive), FRESH);

  it('fails at once on first contact', () => {
    expect(after([DOWN]).health).toMatchObject({ reachable: 'no', message: 'gone', checkedAt: AT });
  });

  it('is patient with a server that was reachable, until the third failure', () => {
    expect(after([OK, DOWN]).health).toMatchObject({
      reachable: 'yes',
      usable: 'ok',
      cause: 'tcp',
    });
    expect(after([OK, DOWN, DOWN]).health.message).toBe('Check 2 of 3 failed: gone');
    expect(after([OK, DOWN, DOWN, DOWN])).toMatchObject({
      failures: 3,
      health: { reachable: 'no' },
    });
  });

  it('begins to count anew after a success', () => {
    expect(after([OK, DOWN, DOWN, OK, DOWN, DOWN]).health.reachable).toBe('yes');
  });

  it('recovers at the first success', () => {
    expect(after([DOWN, DOWN, DOWN, OK])).toEqual({
      failures: 0,
      health: { reachable: 'yes', usable: 'ok', checkedAt: AT },
    });
  });

  it('tells the truth at once to somebody who asks, and when policy forbids', () => {
    expect(after([OK, DOWN], true).health.reachable).toBe('no');
    expect(after([OK, { ...DOWN, cause: 'refused-by-policy' }]).health.reachable).toBe('no');
  });

  it('learns nothing about use from a rate limit', () => {
    const limited: Assessment = { reachable: 'yes', usable: 'ok', cause: 'rate-limited' };
    const wanted: Assessment = { reachable: 'yes', usable: 'auth-required' };
    expect(after([wanted, limited]).health.usable).toBe('auth-required');
  });

  it('is the same whenever it was checked and however fast', () => {
    const one = { ...OK, latencyMs: 5, checkedAt: AT };
    expect(isSameHealth(one, { ...OK, latencyMs: 9 })).toBe(true);
    expect(isSameHealth(one, { ...OK, cause: 'rate-limited' })).toBe(false);
  });
});
