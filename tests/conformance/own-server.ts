import type { Verdict } from './compare.js';
import type { Scenario, SuiteResult } from './suite.js';

/**
 * Scenarios that need tools of the suite's own, or features that the registry's MCP server does not declare: it has tools
 * and nothing else, and asks callers for nothing.
 */
const NOT_DECLARED =
  /^(?:logging-|completion-|tools-call-|elicitation-|resources-|prompts-|input-required-|tasks-|json-schema-|http-custom-header-|server-session-|server-sse-polling)/;

/** Checks of the others for which the same holds. */
const UNTESTABLE: Readonly<Record<string, number>> = {
  // Four diagnostic tools: for capabilities, elicitation while streaming, and logging.
  'server-stateless': 4,
  // Lists of prompts, resources and templates.
  caching: 3,
};

/** What concerns the registry's MCP server has to pass; what is announced as untestable must not become more. */
export function judgeOwnServer(result: SuiteResult): Verdict[] {
  return [...result]
    .filter(([scenario]) => !NOT_DECLARED.test(scenario))
    .map(([scenario, outcome]) => verdictOf(scenario, outcome));
}

function verdictOf(scenario: string, proxied: Scenario): Verdict {
  const known = UNTESTABLE[scenario] ?? 0;
  const facts = { scenario, direct: undefined, proxied };
  return proxied.failed <= known
    ? { ...facts, ok: true }
    : { ...facts, ok: false, reason: `${proxied.failed - known} fail` };
}
