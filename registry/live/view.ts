import { gatewayEvent, removedEvent, serverEvent, toolsEvent } from './frames.js';

/** What somebody sees of one server. */
export interface SeenEntry {
  /** Its summary, as JSON text. */
  readonly summary: string;
  /** Tells lists of tools, prompts and resources from others. May be worked out as it is looked at. */
  readonly lists: string;
  /** What was found, where all of it is seen: while it is the same, the lists are the same. */
  readonly found?: object | undefined;
}

/** Everything that somebody sees, or of some servers what they see of them. */
export interface View {
  /** By path. */
  readonly servers: Pick<ReadonlyMap<string, SeenEntry>, 'get'>;
  /** JSON text. */
  readonly gateway: string;
}

/** A change of a view. Two with the same key: the later one says all. */
export interface ViewEvent {
  readonly key: string;
  /** JSON text. */
  readonly text: string;
}

/**
 * What has to be told to somebody who knows `before`.
 * @param paths the servers that may be different
 */
export function diffViews(before: View, after: View, paths: Iterable<string>): ViewEvent[] {
  return [
    ...[...paths].flatMap((path) =>
      diffServer(path, before.servers.get(path), after.servers.get(path)),
    ),
    ...(before.gateway === after.gateway
      ? []
      : [{ key: 'gateway', text: gatewayEvent(after.gateway) }]),
  ];
}

function diffServer(
  path: string,
  before: SeenEntry | undefined,
  after: SeenEntry | undefined,
): ViewEvent[] {
  const key = `server ${path}`;
  if (after === undefined) return before === undefined ? [] : [{ key, text: removedEvent(path) }];
  const isShownOtherwise = before?.summary !== after.summary;
  // Of a server that is new there was nothing to fetch yet.
  const hasOtherLists = before !== undefined && !hasSameLists(before, after);
  return [
    ...(isShownOtherwise ? [{ key, text: serverEvent(path, after.summary) }] : []),
    ...(hasOtherLists ? [{ key: `tools ${path}`, text: toolsEvent(path) }] : []),
  ];
}

function hasSameLists(before: SeenEntry, after: SeenEntry): boolean {
  const isSameFound = before.found !== undefined && before.found === after.found;
  return isSameFound || before.lists === after.lists;
}
