import { createHash } from 'node:crypto';
import type { AdmittedToken } from '../../../registry/access/gate-record.js';
import { accessTo, mayCall, type ServerAccess } from '../../../registry/access/policy.js';

/**
 * The same questions as the gate in nginx asks: whose token, until when, for which server.
 * @returns the caller, or the status of the refusal
 */
export type AccessCheck = (
  authorization: string | undefined,
  server: string,
) => ReferenceCaller | 401 | 403;

export interface ReferenceCaller {
  readonly principal: string;
  readonly access: ServerAccess;
}

/** Records in memory; what they allow on a server is worked out for each call. */
export function createAccessCheck(records: Readonly<Record<string, AdmittedToken>>): AccessCheck {
  const byHash = new Map(Object.entries(records));
  return (authorization, server) => {
    if (!authorization?.startsWith('Bearer ')) return 401;
    const token = authorization.slice(7);
    const record = byHash.get(createHash('sha256').update(token).digest('hex'));
    if (record === undefined) return 401;
    if (record.expires !== undefined && record.expires * 1000 <= Date.now()) return 401;
    if (record.server !== undefined && record.server !== server) return 401;
    const access = accessTo(server, record.rules);
    return access.kind === 'none' ? 403 : { principal: record.principal, access };
  };
}

/** What matters of a message for the tool policy. */
export interface ReadMessage {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly name?: unknown };
}

/** Whether the caller may send the message; much less careful than the gate in nginx. */
export function maySend({ access }: ReferenceCaller, message: ReadMessage): boolean {
  if (access.kind === 'all' || message.method !== 'tools/call') return true;
  const name = message.params?.name;
  return typeof name === 'string' && mayCall(access, name);
}

export function refusal(status: number, id: unknown = null): string {
  const error = { code: -32080, message: 'Refused.', data: { status } };
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}
