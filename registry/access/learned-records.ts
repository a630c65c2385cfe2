import type { GateRecord } from './gate-record.js';

interface Learned {
  /** Seconds since 1970. */
  readonly expires: number;
  /** Whom the token admits; absent: nobody. */
  readonly principal?: string;
}

/** Which learned records there are, oldest first, so that there are never too many of them. */
export interface LearnedRecords {
  /** @returns the tokens whose records have to make room: refused ones first, the oldest first */
  add(sha256: string, record: GateRecord): string[];
  remove(sha256: string): void;
  clear(): void;
  has(sha256: string): boolean;
  expired(now: Date): string[];
  /** Those that admit a principal for which the question is answered with yes. */
  admitting(isMeant: (principal: string) => boolean): string[];
}

/** @param max how many are kept */
export function createLearnedRecords(max: number): LearnedRecords {
  const refused = new Map<string, Learned>();
  const admitted = new Map<string, Learned>();
  const remove = (sha256: string) => {
    refused.delete(sha256);
    admitted.delete(sha256);
  };
  return {
    add(sha256, record) {
      remove(sha256);
      const expires = record.expires ?? Infinity;
      if ('refused' in record) refused.set(sha256, { expires });
      else admitted.set(sha256, { expires, principal: record.principal });
      const excess = Math.max(0, refused.size + admitted.size - max);
      const oldest = [...take(refused, excess), ...take(admitted, excess)].slice(0, excess);
      oldest.forEach(remove);
      return oldest;
    },
    remove,
    clear() {
      refused.clear();
      admitted.clear();
    },
    has: (sha256) => refused.has(sha256) || admitted.has(sha256),
    expired: (now) =>
      [...refused, ...admitted]
        .filter(([, { expires }]) => expires * 1000 <= now.getTime())
        .map(([sha256]) => sha256),
    admitting: (isMeant) =>
      [...admitted]
        .filter(([, { principal }]) => principal !== undefined && isMeant(principal))
        .map(([sha256]) => sha256),
  };
}

function take(records: ReadonlyMap<string, Learned>, count: number): string[] {
  const taken: string[] = [];
  for (const sha256 of records.keys()) {
    if (taken.length >= count) break;
    taken.push(sha256);
  }
  return taken;
}
