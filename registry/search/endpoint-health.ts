/** How long an endpoint that failed is left alone: longer with each failure, as far as `LONGEST_WAIT_MS`. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** What is known of an endpoint from the last time that it was asked. */
export interface EndpointHealth {
  /** Why it was of no use when it was asked last, for people. */
  fault(): string | undefined;
  /** Milliseconds until it may be asked again; 0: now. */
  waitMs(): number;
  succeeded(): void;
  failed(reason: string): void;
}

export function createEndpointHealth(clock: () => Date): EndpointHealth {
  let fault: string | undefined;
  let failures = 0;
  let askAgainMs = 0;
  return {
    fault: () => fault,
    waitMs: () => Math.max(0, askAgainMs - clock().getTime()),
    succeeded: () => {
      fault = undefined;
      failures = 0;
      askAgainMs = 0;
    },
    failed: (reason) => {
      // What failed side by side failed once.
      if (askAgainMs > clock().getTime()) return;
      fault = reason;
      askAgainMs = clock().getTime() + Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
      failures += 1;
    },
  };
}
