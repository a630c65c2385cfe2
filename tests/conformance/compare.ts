import type { Scenario, SuiteResult } from './suite.js';

export interface Verdict {
  readonly scenario: string;
  readonly direct: Scenario | undefined;
  readonly proxied: Scenario | undefined;
  readonly ok: boolean;
  readonly reason?: string;
}

/**
 * Sets the two runs side by side. Through the gateway no scenario may be worse; with `exact`, as for
 * a server that is known to be right, none may differ and no scored one may fail at all.
 */
export function compare(direct: SuiteResult, proxied: SuiteResult, exact: boolean): Verdict[] {
  return [...new Set([...direct.keys(), ...proxied.keys()])].map((scenario) => {
    const pair = { scenario, direct: direct.get(scenario), proxied: proxied.get(scenario) };
    const reason = faultOf(pair.direct, pair.proxied, exact);
    return reason === undefined ? { ...pair, ok: true } : { ...pair, ok: false, reason };
  });
}

/** Judges a run without a gateway: what is scored must pass, where the server is known to be right. */
export function judge(direct: SuiteResult, exact: boolean): Verdict[] {
  return compare(direct, direct, exact).map((verdict) => ({ ...verdict, proxied: undefined }));
}

function faultOf(
  direct: Scenario | undefined,
  proxied: Scenario | undefined,
  exact: boolean,
): string | undefined {
  if (!direct || !proxied) return 'ran in one of the two ways only';
  if (proxied.failed > direct.failed || proxied.passed < direct.passed) return 'worse';
  if (!exact) return undefined;
  if (direct.scored && direct.failed > 0) return 'fails without the gateway';
  return proxied.failed === direct.failed && proxied.passed === direct.passed
    ? undefined
    : 'different';
}
