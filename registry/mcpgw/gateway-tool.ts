import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { Permission } from '../access/principal.js';
import type { AuditAction, AuditTarget } from '../audit/audit-entry.js';
import type { McpCaller } from '../operations/servers/own-mcp-server.js';
import type { ToolResult } from '../operations/tools/tool-caller.js';
import type { CallProgress } from '../upstream/call-tool.js';

/** Arguments as they came; nothing of them is validated. */
type ToolArguments = Readonly<Record<string, unknown>>;

/** A call of one of our tools, by somebody who has its permission. */
export interface GatewayToolCall extends McpCaller {
  readonly args: ToolArguments;
  /** Ends when the caller leaves or cancels. */
  readonly signal: AbortSignal;
  /** Tells the caller how far it is, if they want to know. */
  readonly progress: (progress: CallProgress) => void;
}

interface ToolAudit {
  readonly action: AuditAction;
  readonly target: AuditTarget;
}

interface ToolFacts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly permission: Permission;
  /**
   * What callers are told to send. Operations validate it, in more detail, and with the words of the REST API; what has
   * no operation behind it validates itself.
   */
  readonly input: z.ZodObject;
  /** Open at its ends: everything that the REST API answers is passed on. */
  readonly output?: z.ZodObject;
  readonly annotations: Required<Pick<ToolAnnotations, 'readOnlyHint' | 'openWorldHint'>> &
    Pick<ToolAnnotations, 'destructiveHint' | 'idempotentHint'>;
  /** What the audit log says of a call; `none` where nothing is changed. */
  readonly audit: 'none' | ((args: ToolArguments) => ToolAudit);
}

/** A tool that answers with a value of ours. */
interface ValueTool extends ToolFacts {
  readonly output: z.ZodObject;
  run(call: GatewayToolCall): object | Promise<object>;
}

/** A tool that answers with what another tool said, as it said it, and so has no schema for it. */
interface PassingTool extends ToolFacts {
  readonly output?: never;
  pass(call: GatewayToolCall): Promise<ToolResult>;
}

/** A tool is a record, like a route: what is offered, what is authorised and what is recorded are one thing. */
export type GatewayTool = ValueTool | PassingTool;
