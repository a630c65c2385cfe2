import { Audience } from './audience.js';
import { parseCursor } from './cursor.js';
import { keyOfScope, type Moment, type Scope } from './view-source.js';

/** How long an audience without members is kept up to date, for those who come back. */
const KEPT_MS = 2 * 60_000;
const MAX_DESERTED = 200;

interface Entry {
  readonly scope: Scope;
  readonly audience: Audience;
  members: number;
  /** Milliseconds since 1970; when the last member left. */
  desertedAt: number | undefined;
}

/** One audience for each scope that somebody has or had shortly before. */
export class Audiences {
  readonly #instance: string;
  readonly #entries = new Map<string, Entry>();
  #made = 0;

  /** @param instance of this run of the registry, in hexadecimal digits */
  constructor(instance: string) {
    this.#instance = instance;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Makes one from the moment when there is none. */
  join(scope: Scope, moment: () => Moment): Audience {
    const key = keyOfScope(scope);
    const entry = this.#entries.get(key) ?? this.#make(key, scope, moment());
    entry.members += 1;
    entry.desertedAt = undefined;
    return entry.audience;
  }

  leave(audience: Audience, now: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.audience !== audience) continue;
      entry.members -= 1;
      if (entry.members === 0) entry.desertedAt = now;
    }
  }

  /** @returns the frames for those that learn something new */
  update(moment: Moment, paths: ReadonlySet<string> | 'all'): ReadonlyMap<Audience, Buffer> {
    const frames = new Map<Audience, Buffer>();
    for (const { scope, audience } of this.#entries.values()) {
      const after = paths === 'all' ? moment.whole(scope) : moment.view(scope);
      const concerned =
        paths === 'all' ? new Set([...audience.view.servers.keys(), ...moment.paths]) : paths;
      const frame = audience.update(after, concerned);
      if (frame !== undefined) frames.set(audience, frame);
    }
    return frames;
  }

  /** How far somebody has followed this audience; undefined when the cursor is of another one, or none. */
  sequenceOf(cursor: string | undefined, audience: Audience): number | undefined {
    const parsed = cursor === undefined ? undefined : parseCursor(cursor);
    if (parsed === undefined) return undefined;
    const isOurs = parsed.instance === this.#instance && parsed.audience === audience.id;
    return isOurs ? parsed.sequence : undefined;
  }

  /** Gives up those to which nobody has come back. */
  sweep(now: number): void {
    const deserted = [...this.#entries]
      .flatMap(([key, { desertedAt }]) => (desertedAt === undefined ? [] : [{ key, desertedAt }]))
      .sort((a, b) => b.desertedAt - a.desertedAt);
    deserted
      .filter(({ desertedAt }, index) => now - desertedAt >= KEPT_MS || index >= MAX_DESERTED)
      .forEach(({ key }) => this.#entries.delete(key));
  }

  #make(key: string, scope: Scope, moment: Moment): Entry {
    this.#made += 1;
    const audience = new Audience(this.#instance, this.#made, moment.whole(scope));
    const entry: Entry = { scope, audience, members: 0, desertedAt: undefined };
    this.#entries.set(key, entry);
    return entry;
  }
}
