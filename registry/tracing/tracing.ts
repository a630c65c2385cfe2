import type { Trace } from '../trace.js';

export interface TracingSettings {
  /** Where OTLP over HTTP is taken, without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
}

/** A trace that is sent to somebody. */
export interface Tracing {
  readonly trace: Trace;
  /** Sends what has not been sent, if that goes quickly. Never throws. */
  close(): Promise<void>;
}
