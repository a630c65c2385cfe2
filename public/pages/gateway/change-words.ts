import type { Generation } from '../../api/gateway-history';
import { actorText } from '../audit/action-words';

type Change = NonNullable<Generation['change']>;

const VERBS: Readonly<Partial<Record<Change['action'], string>>> = {
  'server.register': 'registered',
  'server.enable': 'enabled',
  'server.disable': 'disabled',
  'server.remove': 'removed',
  'server.import': 'imported',
  'server.pull': 'pulled',
  'gateway.restore': 'restored',
};

/** What made a generation: `admin enabled /weather, and 2 changes before`; undefined where that is not known. */
export function changeText({ change, sameServers }: Generation): string | undefined {
  if (sameServers) {
    return 'Nobody changed a server: an address or endpoint was found, or the certificate or a setting is another one';
  }
  if (change === undefined) return undefined;
  const { action, by, others } = change;
  const done = `${VERBS[action] ?? 'changed'} ${serversText(change)}`;
  const said =
    by === undefined
      ? done.replace(/^./, (first) => first.toUpperCase())
      : `${actorText(by)} ${done}`;
  if (others === 0) return said;
  return `${said}, and ${others === 1 ? '1 change' : `${others.toLocaleString('en')} changes`} before`;
}

function serversText({ servers, serverCount }: Change): string {
  if (serverCount === 0) return 'servers';
  const more = serverCount - servers.length;
  const names = servers.join(', ');
  return more > 0 ? `${names} and ${more.toLocaleString('en')} more` : names;
}
