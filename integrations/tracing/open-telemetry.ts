import type { Attributes as OtelAttributes, HrTime, Span } from '@opentelemetry/api';
import type { CallId } from '../../engine/domain/ids.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Attributes, OpenSpan, SpanSink, SpanStart } from './span-sink.ts';
import { traceIdsOf, traceparentOf, type CallTraceIds } from './trace-ids.ts';

export interface OpenTelemetryOptions {
  /** Where a collector takes OTLP over HTTP, e.g. `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The share of calls that are traced, 0 to 1. The same calls on every engine: it follows from their ids. */
  readonly ratio: number;
  readonly engineId: string;
  readonly version: string;
  readonly log: Logger;
  /** Spans are sent so often. Default 5 000. */
  readonly everyMs?: number;
}

export interface OpenTelemetry extends SpanSink {
  /** For whoever is asked on behalf of a call. */
  traceparent(callId: CallId): string;
  /** Sends what waits, for two seconds at most. */
  close(): Promise<void>;
}

/** The collector may be away for long: one line a minute is enough. */
const COMPLAIN_EVERY_MS = 60_000;
const CLOSE_LIMIT_MS = 2_000;

/**
 * Spans over OTLP. OpenTelemetry is loaded here and only now: whoever traces nothing pays nothing for it. A collector that is away costs
 * the newest spans beyond 4 096, and no call anything.
 */
export async function openTelemetry({ url, headers, ratio, engineId, version, log, everyMs = 5_000 }: OpenTelemetryOptions): Promise<OpenTelemetry> {
  const [{ diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const complain = complaints(log);
  diag.setLogger({ error: complain, warn: complain, info: () => undefined, debug: () => undefined, verbose: () => undefined }, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const ids = new CallIds(new sdk.RandomIdGenerator());
  const sampler = new sdk.TraceIdRatioBasedSampler(ratio);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'strowger', 'service.version': version, 'service.instance.id': engineId }),
    sampler: new sdk.ParentBasedSampler({ root: sampler }),
    idGenerator: ids,
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, headers: { ...headers } }), scheduledDelayMillis: everyMs, maxQueueSize: 4096, maxExportBatchSize: 512, exportTimeoutMillis: 10_000 }),
    ],
  });
  const tracer = provider.getTracer('strowger', version);
  const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
  const isSampled = (traceId: string): boolean => sampler.shouldSample(ROOT_CONTEXT, traceId).decision === sdk.SamplingDecision.RECORD_AND_SAMPLED;

  const begin = ({ name, kind, at, attributes = {} }: SpanStart, parent: Span | undefined): OpenSpan => {
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
    const span = tracer.startSpan(name, { kind: kinds[kind], startTime: timeOf(at), attributes: valuesOf(attributes), root: parent === undefined }, context);
    return {
      child: (child) => begin(child, span),
      event: (event, eventAt, more = {}) => void span.addEvent(event, valuesOf(more), timeOf(eventAt)),
      end: (endAt, more = {}, failed) => {
        span.setAttributes(valuesOf(more));
        if (failed !== undefined) span.setAttribute('error.type', failed).setStatus({ code: SpanStatusCode.ERROR });
        span.end(timeOf(endAt));
      },
    };
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await Promise.race([provider.shutdown().catch(complain), new Promise((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS).unref())]);
    diag.disable();
  };
  return {
    root: (callId, start) => {
      ids.give(traceIdsOf(callId));
      return begin(start, undefined);
    },
    traceparent: (callId) => {
      const own = traceIdsOf(callId);
      return traceparentOf(own, isSampled(own.traceId));
    },
    close: () => (closing ??= close()),
  };
}

/** Ids of roots are given; all others are random. */
class CallIds {
  readonly #random: { generateTraceId(): string; generateSpanId(): string };
  #traceId: string | undefined;
  #spanId: string | undefined;

  constructor(random: { generateTraceId(): string; generateSpanId(): string }) {
    this.#random = random;
  }

  /** For the span that is begun next. */
  give({ traceId, spanId }: CallTraceIds): void {
    this.#traceId = traceId;
    this.#spanId = spanId;
  }

  generateTraceId(): string {
    const given = this.#traceId;
    this.#traceId = undefined;
    return given ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    const given = this.#spanId;
    this.#spanId = undefined;
    return given ?? this.#random.generateSpanId();
  }
}

/** Not a plain number: OpenTelemetry takes one from before the process began for a time since its beginning (core, common/time.js). */
function timeOf(at: number): HrTime {
  const seconds = Math.floor(at / 1000);
  return [seconds, Math.round((at - seconds * 1000) * 1e6)];
}

function valuesOf(attributes: Attributes): OtelAttributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]));
}

function complaints(log: Logger): (message: unknown) => void {
  let nextAt = 0;
  return (message) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + COMPLAIN_EVERY_MS;
    log.warn({ event: 'tracing.failed', reason: String(message).slice(0, 500) }, 'Traces do not reach their collector; calls go on');
  };
}
