import type { PastOutcome } from '../gateway.js';

const KEPT = 50;

/** What became of the last attempts, newest first. One that is made again and again for the same reason is one. */
export class PastOutcomes {
  #newestFirst: readonly PastOutcome[] = [];

  get list(): readonly PastOutcome[] {
    return this.#newestFirst;
  }

  note(outcome: PastOutcome): void {
    const [newest, ...older] = this.#newestFirst;
    const rest = newest !== undefined && isSame(newest, outcome) ? older : this.#newestFirst;
    this.#newestFirst = [outcome, ...rest].slice(0, KEPT);
  }
}

function isSame(a: PastOutcome, b: PastOutcome): boolean {
  return (
    a.state === 'rejected' &&
    a.state === b.state &&
    a.generation === b.generation &&
    a.reason === b.reason &&
    a.revision === b.revision
  );
}
