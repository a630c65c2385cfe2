import type { Log } from '../log.js';
import { NO_TRACE } from '../trace.js';
import type { Tracing, TracingSettings } from './tracing.js';

/** Opens the way to a collector of traces. Without one nothing is loaded, and nothing is spent on traces. */
export async function openTracing(
  settings: TracingSettings | undefined,
  deps: { readonly version: string; readonly log: Log },
): Promise<Tracing> {
  if (settings === undefined) return { trace: NO_TRACE, close: () => Promise.resolve() };
  const { createOtlpTracing } = await import('./otlp-tracing.js');
  return createOtlpTracing(settings, deps);
}
