/** A clock that stands still until it is moved. */
export interface FakeClock {
  (): Date;
  advance(ms: number): void;
}

export function createFakeClock(start = '2026-01-02T03:04:05.000Z'): FakeClock {
  let now = Date.parse(start);
  return Object.assign(() => new Date(now), {
    advance: (ms: number) => {
      now += ms;
    },
  });
}
