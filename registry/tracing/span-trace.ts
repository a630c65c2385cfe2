import { AsyncLocalStorage } from 'node:async_hooks';
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace as spans,
  type Context,
  type Span as OtelSpan,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Span, SpanOptions, Trace } from '../trace.js';

/** What is under way, as everything sees it that is called from it. */
interface UnderWay {
  readonly context: Context;
  isOver: boolean;
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** Makes spans of `tracer`, each below the one that it was called from. */
export function createSpanTrace(tracer: Tracer): Trace {
  const current = new AsyncLocalStorage<UnderWay>();
  const propagator = new W3CTraceContextPropagator();

  /** A timer that a request has set is none of that request's work. */
  const parentOf = ({ from }: SpanOptions): Context => {
    if (from !== undefined) return propagator.extract(ROOT_CONTEXT, from, defaultTextMapGetter);
    const found = current.getStore();
    return found === undefined || found.isOver ? ROOT_CONTEXT : found.context;
  };

  return {
    span(name, work, options = {}) {
      const parent = parentOf(options);
      const { kind, facts } = options;
      const span = tracer.startSpan(
        name,
        {
          kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind],
          ...(facts && { attributes: { ...facts } }),
        },
        parent,
      );
      const underWay: UnderWay = { context: spans.setSpan(parent, span), isOver: false };
      return untilEnd(
        () => current.run(underWay, () => work(handleOf(span))),
        (thrown) => {
          if (thrown !== undefined) fail(span, typeOf(thrown.error));
          underWay.isOver = true;
          span.end();
        },
      );
    },
    headers() {
      const found = current.getStore();
      const headers: Record<string, string> = {};
      if (found !== undefined && !found.isOver) {
        propagator.inject(found.context, headers, defaultTextMapSetter);
      }
      return headers;
    },
  };
}

/** Calls `end` once: when `work` is done, or the promise that it gives. */
function untilEnd<T>(work: () => T, end: (thrown?: { readonly error: unknown }) => void): T {
  let result: T;
  try {
    result = work();
  } catch (error) {
    end({ error });
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  return result.then(
    (value: unknown) => {
      end();
      return value;
    },
    (error: unknown) => {
      end({ error });
      throw error;
    },
  ) as T;
}

function handleOf(span: OtelSpan): Span {
  return {
    rename: (name) => void span.updateName(name),
    note: (facts) => void span.setAttributes({ ...facts }),
    fail: (type) => fail(span, type),
  };
}

function fail(span: OtelSpan, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Messages are not told: they may quote what an upstream says. */
function typeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : typeof error;
}
