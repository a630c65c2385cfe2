/** What the channel says, put together from JSON texts that are made once and shared. */

export const HEARTBEAT = '{"type":"heartbeat"}';

export function snapshotFrame(parts: {
  readonly cursor: string;
  /** JSON texts. */
  readonly servers: Iterable<string>;
  /** JSON text. */
  readonly gateway: string;
}): string {
  const { cursor, servers, gateway } = parts;
  return `{"type":"snapshot","cursor":${JSON.stringify(cursor)},"servers":[${[...servers].join(',')}],"gateway":${gateway}}`;
}

export function resumedFrame(cursor: string): string {
  return JSON.stringify({ type: 'resumed', cursor });
}

/** @param events JSON texts */
export function changesFrame(cursor: string, events: Iterable<string>): string {
  return `{"type":"changes","cursor":${JSON.stringify(cursor)},"events":[${[...events].join(',')}]}`;
}

/** @param server JSON text */
export function serverEvent(path: string, server: string): string {
  return `{"type":"server","path":${JSON.stringify(path)},"server":${server}}`;
}

export function removedEvent(path: string): string {
  return JSON.stringify({ type: 'server-removed', path });
}

export function toolsEvent(path: string): string {
  return JSON.stringify({ type: 'tools', path });
}

/** @param gateway JSON text */
export function gatewayEvent(gateway: string): string {
  return `{"type":"gateway","gateway":${gateway}}`;
}
