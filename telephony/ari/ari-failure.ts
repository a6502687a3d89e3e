import { StrowgerError } from '../../engine/domain/errors.ts';
import type { AriOperation } from './ari-transport.ts';

/**
 * The error for an answer other than 2xx. `body` is the answer's JSON text, if any. Asterisk says 400 instead of 404 for
 * a channel that is named in the query (bridges.addChannel, bridges.removeChannel).
 */
export function refusal(operation: AriOperation, status: number | undefined, reason: string, body?: string): StrowgerError {
  const detail = detailOf(body) ?? reason;
  const fields = { operation, detail, ...(status === undefined ? {} : { status }) };
  return status === 404 || (status === 400 && detail === 'Channel not found')
    ? new StrowgerError('switch.gone', `${operation}: ${detail}.`, { fields })
    : new StrowgerError('switch.refused', `${operation} was refused${status === undefined ? '' : ` with ${status}`}: ${detail}.`, { fields });
}

export function timedOut(operation: AriOperation, timeoutMs: number): StrowgerError {
  return new StrowgerError('switch.timeout', `${operation} was not answered within ${timeoutMs} ms.`, { fields: { operation, timeoutMs } });
}

export function unreachable(operation: AriOperation, reason: string, cause?: unknown): StrowgerError {
  return new StrowgerError('switch.unreachable', `${operation} did not reach the switch: ${reason}`, {
    fields: { operation },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Asterisk explains itself as `{"message":"…"}`, for some failures as `{"error":"…"}`. */
function detailOf(body: string | undefined): string | undefined {
  if (body === undefined || body === '') return undefined;
  try {
    const parsed = JSON.parse(body) as { readonly message?: unknown; readonly error?: unknown } | null;
    const text = parsed?.message ?? parsed?.error;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return body.slice(0, 200);
  }
}
