import { afterEach, describe, expect, it } from '@jest/globals';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { NO_TRACE } from '../../../registry/trace.js';
import { createSpanTrace } from '../../../registry/tracing/span-trace.js';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const trace = createSpanTrace(provider.getTracer('test'));

const CALLER = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'v=1' };

const spanNamed = (name: string) => {
  const found = exporter.getFinishedSpans().find((span) => span.name === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
};
const parentOf = (name: string) => spanNamed(name).parentSpanContext?.spanId;
const idOf = (name: string) => spanNamed(name).spanContext().spanId;

afterEach(() => exporter.reset());

describe('a span', () => {
  it('stands below the one that it was called from, however late it is called', async () => {
    const result = await trace.span('outer', async () => {
      await Promise.resolve();
      trace.span('at once', () => 1);
      return trace.span('later', () => Promise.resolve('done'));
    });
    expect(result).toBe('done');
    expect(parentOf('outer')).toBeUndefined();
    expect(parentOf('at once')).toBe(idOf('outer'));
    expect(parentOf('later')).toBe(idOf('outer'));
  });

  it('that is begun when the one around it has ended is a trace of its own', async () => {
    let late: Promise<void> = Promise.resolve();
    let goOn: () => void = () => undefined;
    trace.span('request', () => {
      const signal = new Promise<void>((resolve) => (goOn = resolve));
      late = signal.then(() => {
        expect(trace.headers()).toEqual({});
        trace.span('timer', () => undefined);
      });
    });
    goOn();
    await late;
    expect(parentOf('timer')).toBeUndefined();
    expect(spanNamed('timer').spanContext().traceId).not.toBe(
      spanNamed('request').spanContext().traceId,
    );
  });

  it("goes on with a caller's trace and hands it on", () => {
    const headers = trace.span('request', () => trace.headers(), { kind: 'server', from: CALLER });
    expect(headers).toEqual({
      traceparent: `00-${'a'.repeat(32)}-${idOf('request')}-01`,
      tracestate: 'v=1',
    });
    expect(parentOf('request')).toBe('b'.repeat(16));
  });

  it('is not told of where the caller does not want its trace recorded, and the word is handed on', () => {
    const from = { traceparent: CALLER.traceparent.replace(/1$/, '0') };
    const headers = trace.span('request', () => trace.headers(), { from });
    expect(headers.traceparent).toMatch(/-00$/);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('tells how work failed by the name of the error and never by its words', async () => {
    const fault = Object.assign(new Error('of a secret'), { code: 'ECONNREFUSED' });
    await expect(trace.span('later', () => Promise.reject(fault))).rejects.toBe(fault);
    const fail = () => {
      throw new TypeError('of a secret');
    };
    expect(() => trace.span('at once', fail)).toThrow(TypeError);
    expect(spanNamed('later').attributes).toEqual({ 'error.type': 'ECONNREFUSED' });
    expect(spanNamed('at once').attributes).toEqual({ 'error.type': 'TypeError' });
    expect([spanNamed('later').status, spanNamed('at once').status]).toEqual([
      { code: 2 },
      { code: 2 },
    ]);
  });
});

describe('no trace', () => {
  it('only does the work', () => {
    expect(NO_TRACE.span('x', (span) => (span.note({ a: 1 }), 7))).toBe(7);
    expect(NO_TRACE.headers()).toEqual({});
  });
});
