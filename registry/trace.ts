/** What is told of a span, under the names of OpenTelemetry's conventions where there are some. Never secrets or queries. */
type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** Work under way. */
export interface Span {
  rename(name: string): void;
  note(facts: SpanFacts): void;
  /** Marks the work as failed. @param type one of few words, as `error.type` of the conventions */
  fail(type: string): void;
}

export interface SpanOptions {
  /** `server`: somebody's request to us; `client`: ours to somebody. Absent: work within the registry. */
  readonly kind?: 'server' | 'client';
  readonly facts?: SpanFacts;
  /** Headers of the request that asks for the work: a W3C trace context in them is gone on with. */
  readonly from?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What the parts of the registry tell of the time that their work takes; `registry/tracing/` makes one. */
export interface Trace {
  /**
   * Runs `work` as a span of the trace that is under way, which ends with it, or with the promise that it gives. What is
   * begun in it and goes on afterwards is a trace of its own.
   */
  span<T>(name: string, work: (span: Span) => T, options?: SpanOptions): T;
  /** What a request of ours carries so that others go on with the trace (W3C Trace Context); empty outside of one. */
  headers(): Readonly<Record<string, string>>;
}

const ignore = (): void => undefined;
const NO_SPAN: Span = { rename: ignore, note: ignore, fail: ignore };
const NO_HEADERS = Object.freeze({});

/** For when nobody wants to know. */
export const NO_TRACE: Trace = {
  span: (_name, work) => work(NO_SPAN),
  headers: () => NO_HEADERS,
};
