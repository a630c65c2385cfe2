import { askNginx, type NginxAddress } from './ask-nginx.js';

/** Connections by what nginx does with them, as `stub_status` counts: all workers together, draining ones included. */
type ConnectionState = 'reading' | 'writing' | 'waiting';

export type ConnectionCounts = Readonly<Partial<Record<ConnectionState, number>>>;

const STATES: readonly ConnectionState[] = ['reading', 'writing', 'waiting'];

/**
 * How many connections nginx has; empty when it does not answer.
 * @param key what tells nginx that the registry asks
 */
export async function readConnections(
  address: NginxAddress,
  key: string,
): Promise<ConnectionCounts> {
  // No name of ours, so that it is answered where every other request is refused.
  const headers = { Host: 'connections.invalid', 'X-Connections-Key': key };
  const text = await askNginx(address, '/.gateway/connections', headers);
  const told = parsed(text ?? '');
  return Object.fromEntries(
    STATES.flatMap((state) => {
      const count = told[state];
      return typeof count === 'number' ? [[state, count]] : [];
    }),
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
