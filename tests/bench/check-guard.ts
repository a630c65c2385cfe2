import type { BenchCallers } from './bench-access.js';
import { withToken, type BenchCall } from './calls.js';
import type { Started } from './start-ways.js';
import { GUARDED, LIMITED } from './ways.js';

const FORBIDDEN_TOOL = 'delete_document';

/**
 * Makes sure that a gateway checks what it is measured for: without a token, with an unknown one, and with a tool that
 * the caller may not use. @throws Error when something else is answered
 */
export async function checkGuard({ origin }: Started, { bearers }: BenchCallers): Promise<void> {
  const { call } = LIMITED;
  const expected: readonly [BenchCall, number][] = [
    [call, 401],
    [withToken(call, 'unknown'), 401],
    [withToken(call, bearers.whole), 200],
    [withToken(call, bearers.limited), 200],
    [withToken(ofForbiddenTool(call), bearers.whole), 200],
    [withToken(ofForbiddenTool(call), bearers.limited), 403],
  ];
  for (const [{ headers, body }, status] of expected) {
    const url = `${origin}${GUARDED}/mcp`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    const text = await answer.text();
    if (answer.status !== status) {
      throw new Error(`${url} answered ${answer.status} instead of ${status}: ${text}`);
    }
  }
}

function ofForbiddenTool({ headers, body }: BenchCall): BenchCall {
  const message = JSON.parse(body) as { params: { name: string } };
  message.params.name = FORBIDDEN_TOOL;
  return { headers: { ...headers, 'Mcp-Name': FORBIDDEN_TOOL }, body: JSON.stringify(message) };
}
