import type { AuditEntry } from '../../../registry/audit/audit-entry.js';

const ACTIONS: Readonly<Record<string, string>> = {
  'server.register': 'Registered',
  'server.update': 'Changed',
  'server.enable': 'Enabled',
  'server.disable': 'Disabled',
  'server.remove': 'Deleted',
  'server.refresh': 'Checked',
  'server.review': 'Tools marked as reviewed',
  'server.import': 'Imported',
  'server.pull': 'Pulled from a registry',
  'server.probe': 'Connection tested',
  'server.try': 'Tried through the gateway',
  'token.issue': 'Token made',
  'token.revoke': 'Token revoked',
};

/** What was done: `Enabled`, `Tool get_weather run`. */
export function activityText({ action, target }: Pick<AuditEntry, 'action' | 'target'>): string {
  if (target.type === 'tool' && action === 'tool.call') return `Tool ${target.id ?? ''} run`;
  return ACTIONS[action] ?? action;
}

export function actorText({ kind, username, tokenId }: AuditEntry['actor']): string {
  if (kind === 'system') return 'The registry';
  if (kind === 'stranger') return 'Somebody who is not known';
  return tokenId === undefined ? (username ?? 'Somebody') : `A token of ${username ?? 'somebody'}`;
}
