import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../log.js';

/** Passes spans on, and logs when they begin to be lost and when they are taken again. */
export function tellOfExports(exporter: SpanExporter, url: string, log: Log): SpanExporter {
  let isFailing = false;
  const told = (failure: Error | undefined, failed: boolean) => {
    if (failed && !isFailing) {
      log.warn('Traces cannot be sent, and are lost.', { url, reason: failure?.message ?? '' });
    }
    if (!failed && isFailing) log.info('Traces are sent again.', { url });
    isFailing = failed;
  };
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        told(result.error, result.code !== ExportResultCode.SUCCESS);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
