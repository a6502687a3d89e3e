import type { CallId } from '../../engine/domain/ids.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface SpanStart {
  readonly name: string;
  /** As OpenTelemetry has it: `server` serves somebody's request, `client` makes one, `internal` is between. */
  readonly kind: 'server' | 'client' | 'internal';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly attributes?: Attributes;
}

/** A span that has begun. */
export interface OpenSpan {
  child(span: SpanStart): OpenSpan;
  event(name: string, at: number, attributes?: Attributes): void;
  /** `failed`: what went wrong, by a stable name (error.type). */
  end(at: number, attributes?: Attributes, failed?: string): void;
}

/** Where spans go. */
export interface SpanSink {
  /** The root of the trace of a call: of the same call, in whichever process, the same trace. */
  root(callId: CallId, span: SpanStart): OpenSpan;
}
