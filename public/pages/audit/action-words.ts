import type { AuditAction, AuditEntry } from '../../api/audit';

/** What each action is called; one for each, so that a new one does not compile until it is here. */
const ACTIONS: Readonly<Record<AuditAction, string>> = {
  'server.register': 'Registered a server',
  'server.update': 'Changed a server',
  'server.enable': 'Enabled a server',
  'server.disable': 'Disabled a server',
  'server.remove': 'Removed a server',
  'server.refresh': 'Checked a server',
  'server.review': 'Reviewed the tools of a server',
  'server.import': 'Imported servers',
  'server.pull': 'Pulled servers from a registry',
  'registry.add': 'Followed a registry',
  'registry.update': 'Changed how a registry is followed',
  'registry.remove': 'Stopped following a registry',
  'server.probe': 'Tested a connection',
  'tool.call': 'Ran a tool',
  'gateway.restore': 'Restored a generation',
  'token.issue': 'Created a token',
  'token.revoke': 'Revoked a token',
  'user.create': 'Created a user',
  'user.update': 'Changed a user',
  'user.remove': 'Deleted a user',
  'group.create': 'Created a group',
  'group.update': 'Changed a group',
  'group.remove': 'Deleted a group',
  'session.begin': 'Logged in',
  'session.refused': 'Was refused the log-in',
  'session.end': 'Logged out',
  'password.change': 'Changed their password',
};

const FAMILIES: Readonly<Record<string, string>> = {
  server: 'servers',
  tool: 'tools',
  gateway: 'the gateway',
  token: 'tokens',
  user: 'users',
  group: 'groups',
  session: 'sessions',
  password: 'passwords',
};

/** What somebody did; the action itself where the registry knows more of them than this page. */
export function actionText(action: string): string {
  return (ACTIONS as Readonly<Record<string, string>>)[action] ?? action;
}

/** The choices of the filter: all of a kind first, then each. */
export const ACTION_CHOICES = [...new Set(Object.keys(ACTIONS).map(familyOf))].map((family) => ({
  group: `What was done to ${FAMILIES[family] ?? family}`,
  items: [
    { value: `${family}.*`, label: `Everything done to ${FAMILIES[family] ?? family}` },
    ...Object.entries(ACTIONS)
      .filter(([action]) => familyOf(action) === family)
      .map(([value, label]) => ({ value, label })),
  ],
}));

function familyOf(action: string): string {
  return action.split('.')[0] ?? '';
}

/** Who did it, for people. */
export function actorText({ kind, username }: AuditEntry['actor']): string {
  if (kind === 'system') return 'the registry';
  if (kind === 'stranger')
    return username === undefined ? 'a stranger' : `a stranger as ${username}`;
  const name = username ?? 'somebody';
  return kind === 'token' ? `a token of ${name}` : name;
}

/** What it was done to, and where that is shown; undefined where there is nothing to name. */
export function targetOf(
  target: AuditEntry['target'],
): { readonly text: string; readonly to?: string } | undefined {
  const { type, id, server } = target;
  if (type === 'tool' && server !== undefined) {
    return { text: `${id ?? ''} of ${server}`, to: `/servers${server}?tab=tools` };
  }
  if (id === undefined) return undefined;
  if (type === 'server' && id.startsWith('/')) return { text: id, to: `/servers${id}` };
  const to = {
    gateway: '/gateway?tab=generations',
    user: '/access?tab=users',
    group: '/access?tab=groups',
    token: '/access',
  } as const;
  return { text: id, ...(type in to && { to: to[type as keyof typeof to] }) };
}

/** What a line of the list says after the action; undefined where the line says it already. */
export function subjectOf({ actor, target, after }: AuditEntry): string | undefined {
  // Ids of tokens say nothing to people; their names do.
  if (target.type === 'token' && typeof after?.name === 'string') return after.name;
  const isOneself = target.type === 'session' || target.type === 'user';
  if (isOneself && target.id === actor.username) return undefined;
  return targetOf(target)?.text;
}
