import type { CallToolResult } from '@modelcontextprotocol/server';
import { requirePermission } from '../access/require-permission.js';
import { RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import { actorOf, type Audited, type AuditedChange } from '../operations/audit/audited.js';
import type { GatewayTool, GatewayToolCall } from './gateway-tool.js';

interface RunDeps {
  readonly audited: Audited;
  readonly log: Log;
}

/**
 * Runs a tool for whoever has its permission, and records what it changes or was refused. What goes wrong becomes a result
 * that says so, in the words of the REST API.
 */
export async function runTool(
  tool: GatewayTool,
  call: GatewayToolCall,
  { audited, log }: RunDeps,
): Promise<CallToolResult> {
  const change = auditedChangeOf(tool, call);
  try {
    try {
      requirePermission(call.principal, tool.permission);
    } catch (thrown) {
      if (change !== undefined) audited.refused(change, thrown);
      throw thrown;
    }
    const work = () => resultOf(tool, call);
    return await (change === undefined ? work() : audited.run(change, work));
  } catch (thrown) {
    return failure(thrown, call, log);
  }
}

async function resultOf(tool: GatewayTool, call: GatewayToolCall): Promise<CallToolResult> {
  if ('pass' in tool) {
    const { content, structuredContent, isError } = await tool.pass(call);
    return {
      content,
      ...(structuredContent && { structuredContent }),
      ...(isError !== undefined && { isError }),
    } as CallToolResult;
  }
  const structuredContent = { ...(await tool.run(call)) };
  // Clients of the revisions before 2025-06-18 read the text alone.
  return { structuredContent, content: [textOf(structuredContent)] };
}

/** Without structured content: that of a failure would not be what the output schema promises. */
function failure(thrown: unknown, { requestId }: GatewayToolCall, log: Log): CallToolResult {
  const isKnown = thrown instanceof RegistryError;
  const error = isKnown
    ? thrown
    : new RegistryError('internal-error', 'Something went wrong here, and it was logged.');
  if (error.code === 'internal-error') {
    log.error('A tool of the registry failed unexpectedly.', { requestId, error: thrown });
  }
  const { code, message: detail, problems } = error;
  const errors = problems.length > 0 && { errors: problems };
  return { isError: true, content: [textOf({ code, detail, requestId, ...errors })] };
}

function textOf(value: object) {
  return { type: 'text' as const, text: JSON.stringify(value) };
}

function auditedChangeOf(tool: GatewayTool, call: GatewayToolCall): AuditedChange | undefined {
  if (tool.audit === 'none') return undefined;
  const { action, target } = tool.audit(call.args);
  const { principal, address, requestId } = call;
  return {
    action,
    actor: () => actorOf(principal),
    target: () => target,
    from: { address, via: 'mcp' },
    requestId,
  };
}
