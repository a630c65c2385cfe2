import http from 'node:http';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Log } from '../log.js';
import type { Tracing, TracingSettings } from './tracing.js';
import { createSpanTrace } from './span-trace.js';
import { tellOfExports } from './tell-of-exports.js';

/** A collector that hangs is given up after this time; spans beyond the queue's 2,048 are lost meanwhile, and nothing waits. */
const EXPORT_MS = 5000;
const SEND_EVERY_MS = 2000;
const CLOSE_MS = 2000;

/** Traces that go to a collector as OTLP over HTTP (protobuf), in batches and beside the work. */
export function createOtlpTracing(
  { endpoint, headers, serviceName }: TracingSettings,
  { version, log }: { readonly version: string; readonly log: Log },
): Tracing {
  const url = `${endpoint}/v1/traces`;
  // The exporter's own time limit begins when the connection stands.
  const { Agent } = new URL(url).protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: EXPORT_MS });
  const exporter = new OTLPTraceExporter({
    url,
    headers: { ...headers },
    timeoutMillis: EXPORT_MS,
    httpAgentOptions: () => agent,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: tellOfExports(exporter, url, log),
        scheduledDelayMillis: SEND_EVERY_MS,
      }),
    ],
  });
  return {
    trace: createSpanTrace(provider.getTracer('mcp-gateway-registry', version)),
    async close() {
      const ended = provider.shutdown().catch(() => undefined);
      await Promise.race([ended, delay(CLOSE_MS, undefined, { ref: false })]);
      agent.destroy();
    },
  };
}
