import { formatCursor } from './cursor.js';
import { changesFrame, resumedFrame, snapshotFrame } from './frames.js';
import { RecentEvents } from './recent-events.js';
import { diffViews, type SeenEntry, type View, type ViewEvent } from './view.js';

/** All servers that somebody sees, and the gateway as they see it. */
export interface WholeView extends View {
  readonly servers: ReadonlyMap<string, SeenEntry>;
}

/**
 * Everybody who sees the same. What they see is worked out and written once, and the same bytes go to all of them.
 * Holds the state of one moment, the same for every member who is not behind.
 */
export class Audience {
  readonly #id: number;
  readonly #instance: string;
  readonly #servers: Map<string, SeenEntry>;
  readonly #recent: RecentEvents;
  #gateway: string;
  #sequence = 0;
  #snapshot: Buffer | undefined;

  constructor(instance: string, id: number, view: WholeView) {
    this.#instance = instance;
    this.#id = id;
    this.#servers = new Map(view.servers);
    this.#gateway = view.gateway;
    this.#recent = new RecentEvents(this.#sequence);
  }

  get id(): number {
    return this.#id;
  }

  /** Counts the changes that were told. */
  get sequence(): number {
    return this.#sequence;
  }

  get view(): WholeView {
    return { servers: this.#servers, gateway: this.#gateway };
  }

  /**
   * Takes over what is seen now.
   * @param paths the servers that may be different
   * @returns the frame for members; undefined when nothing is different
   */
  update(after: View, paths: Iterable<string>): Buffer | undefined {
    const concerned = [...paths];
    const events = diffViews(this.view, after, concerned);
    if (events.length === 0) return undefined;
    for (const path of concerned) {
      const entry = after.servers.get(path);
      if (entry === undefined) this.#servers.delete(path);
      else this.#servers.set(path, entry);
    }
    this.#gateway = after.gateway;
    this.#sequence += 1;
    this.#snapshot = undefined;
    this.#recent.add(this.#sequence, events);
    return this.#changes(events);
  }

  snapshot(): Buffer {
    const servers = [...this.#servers.values()].map(({ summary }) => summary);
    const parts = { cursor: this.#cursor(), servers, gateway: this.#gateway };
    return (this.#snapshot ??= Buffer.from(snapshotFrame(parts)));
  }

  /** What somebody missed who knows everything up to number `since`; undefined when that is not known any more. */
  missed(since: number): readonly Buffer[] | undefined {
    if (since > this.#sequence) return undefined;
    const events = this.#recent.since(since);
    if (events === undefined) return undefined;
    return events.length === 0 ? [] : [this.#changes(events)];
  }

  /** The first frame for somebody who comes back, and what they missed. */
  resumed(since: number): readonly Buffer[] | undefined {
    const missed = this.missed(since);
    return missed && [Buffer.from(resumedFrame(this.#cursor(since))), ...missed];
  }

  /** For somebody who comes from another audience of which they know everything. */
  transition(from: Audience): Buffer {
    const paths = new Set([...from.#servers.keys(), ...this.#servers.keys()]);
    // Also when they see the same: their old cursor is worth nothing here.
    return this.#changes(diffViews(from.view, this.view, paths));
  }

  #changes(events: readonly ViewEvent[]): Buffer {
    return Buffer.from(
      changesFrame(
        this.#cursor(),
        events.map(({ text }) => text),
      ),
    );
  }

  #cursor(sequence = this.#sequence): string {
    return formatCursor({ instance: this.#instance, audience: this.#id, sequence });
  }
}
