import type { CancelSignal } from '../domain/cancellation.ts';
import type { CallId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';

export interface ServiceRequest {
  readonly service: string;
  readonly input: Json;
  readonly callId: CallId;
  /** The same for every attempt of the same step of the same call, also across a restart. */
  readonly idempotencyKey: string;
  readonly cancel: CancelSignal;
}

/** Back-office look-ups of flows. Rejections are StrowgerErrors: `service.timeout`, `service.unavailable`, `service.invalid`, `service.unknown`. */
export interface Services {
  request(request: ServiceRequest): Promise<Json>;
}
