import type { UsageStore } from '../../registry/store/store.js';

/** Keeps texts, and fails when it is told to. */
export interface MemoryUsageStore extends UsageStore {
  readonly files: Map<string, string[]>;
  state: string | undefined;
  aside: string | undefined;
  /** What the next write of the state throws. */
  failNextState: Error | undefined;
  /** What the next write to the archive throws: as a crash between the state and the archive. */
  failNextAppend: Error | undefined;
}

export function createMemoryUsageStore(): MemoryUsageStore {
  const files = new Map<string, string[]>();
  return {
    files,
    state: undefined,
    aside: undefined,
    failNextState: undefined,
    failNextAppend: undefined,
    readState() {
      return Promise.resolve(this.state);
    },
    writeState(text) {
      const failure = this.failNextState;
      this.failNextState = undefined;
      if (failure !== undefined) return Promise.reject(failure);
      this.state = text;
      return Promise.resolve();
    },
    setStateAside() {
      this.aside = this.state;
      this.state = undefined;
      return Promise.resolve();
    },
    append(name, line) {
      const failure = this.failNextAppend;
      this.failNextAppend = undefined;
      if (failure !== undefined) return Promise.reject(failure);
      files.set(name, [...(files.get(name) ?? []), line]);
      return Promise.resolve();
    },
    list: () =>
      Promise.resolve(
        [...files]
          .map(([name, lines]) => ({ name, bytes: lines.join('\n').length }))
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ),
    read: (name) => Promise.resolve(files.get(name) ?? []),
    remove(name) {
      files.delete(name);
      return Promise.resolve();
    },
  };
}
