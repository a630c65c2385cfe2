import type { ViewEvent } from './view.js';

interface Numbered extends ViewEvent {
  readonly sequence: number;
}

/**
 * The newest event of each key, as many as fit: whoever comes back needs to know how things are, not each step on the
 * way. Sequence numbers rise.
 */
export class RecentEvents {
  readonly #maxEvents: number;
  readonly #maxLength: number;
  /** In the order of their numbers. */
  readonly #events = new Map<string, Numbered>();
  #length = 0;
  /** The highest number of which something was forgotten. */
  #forgotten: number;

  /**
   * @param since nothing before this number is known
   * @param maxLength of all texts together, in characters
   */
  constructor(since: number, { maxEvents = 1000, maxLength = 1_000_000 } = {}) {
    this.#forgotten = since;
    this.#maxEvents = maxEvents;
    this.#maxLength = maxLength;
  }

  add(sequence: number, events: readonly ViewEvent[]): void {
    for (const event of events) {
      this.#drop(event.key);
      this.#events.set(event.key, { ...event, sequence });
      this.#length += event.text.length;
    }
    for (const [key, oldest] of this.#events) {
      if (this.#events.size <= this.#maxEvents && this.#length <= this.#maxLength) break;
      this.#drop(key);
      this.#forgotten = oldest.sequence;
    }
  }

  /** What was added after number `sequence`; undefined when not all of it is known. */
  since(sequence: number): readonly ViewEvent[] | undefined {
    if (sequence < this.#forgotten) return undefined;
    return [...this.#events.values()].filter((event) => event.sequence > sequence);
  }

  #drop(key: string): void {
    this.#length -= this.#events.get(key)?.text.length ?? 0;
    this.#events.delete(key);
  }
}
