import { createHash } from 'node:crypto';
import type { CallId } from '../../engine/domain/ids.ts';

/** The trace of a call and its root span, as W3C Trace Context writes ids: 16 and 8 bytes in hex, never all zero. */
export interface CallTraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** From the call's id, so that a process that takes a call up goes on with its trace, and a service that is asked twice finds the same parent. */
export function traceIdsOf(callId: CallId): CallTraceIds {
  const hash = createHash('sha256').update(callId).digest('hex');
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}

/** The header `traceparent` (W3C Trace Context §3.2). */
export function traceparentOf({ traceId, spanId }: CallTraceIds, sampled: boolean): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
