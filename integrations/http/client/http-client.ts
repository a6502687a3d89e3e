import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
  type IPolicy,
} from 'cockatiel';
import type { CancelSignal } from '../../../engine/domain/cancellation.ts';
import { isStrowgerError, messageOf, StrowgerError } from '../../../engine/domain/errors.ts';

export interface HttpClientOptions {
  /** E.g. `http://core.bank.internal:8090`. */
  readonly baseUrl: string;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. Default 1. Only requests that may be repeated are: see `HttpRequest.idempotencyKey`. */
  readonly retries?: number;
  readonly breaker?: {
    /** Failures in a row after which requests are refused at once. Default 5. */
    readonly failures?: number;
    /** How long until one request may try again. Default 10 000. */
    readonly restMs?: number;
  };
  /** Default 256 KiB. */
  readonly maxResponseBytes?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpRequest<Result> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base URL. Parts that come from callers must be encoded. */
  readonly path: string;
  readonly body?: object;
  /** Sent as `Idempotency-Key`: makes a POST repeatable. GET, PUT and DELETE are by definition (RFC 9110 §9.2.2). */
  readonly idempotencyKey?: string;
  readonly cancel?: CancelSignal;
  /** Checks the answer's JSON and takes out what is needed; throws when it has another shape. */
  readonly read: (body: unknown) => Result;
}

/**
 * JSON over HTTP to one back office, with a time limit, retries and a circuit breaker. Rejections are StrowgerErrors:
 * `service.timeout`, `service.unavailable` (no connection, 5xx, 429, circuit open), `service.invalid` (no JSON, another
 * shape, too large), `service.refused` (any other status).
 */
export interface HttpClient {
  request<Result>(request: HttpRequest<Result>): Promise<Result>;
}

const DEFAULT_MAX_BYTES = 256 * 1024;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { retries = 1, breaker = {} } = options;
  // What may be over the next time: not a refusal, not nonsense.
  const passing = handleWhen((error) => isStrowgerError(error, 'service.timeout') || isStrowgerError(error, 'service.unavailable'));
  const circuit = circuitBreaker(passing, {
    halfOpenAfter: breaker.restMs ?? 10_000,
    breaker: new ConsecutiveBreaker(breaker.failures ?? 5),
  });
  const retrying = retry(passing, { maxAttempts: retries, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }) });
  const patient: IPolicy = wrap(retrying, circuit);
  return {
    async request(request) {
      const repeatable = request.method !== 'POST' || request.idempotencyKey !== undefined;
      const aborting = new AbortController();
      const forget = request.cancel?.onCancel(() => aborting.abort());
      try {
        return await (repeatable ? patient : circuit).execute(({ signal }) => attempt(options, request, signal), aborting.signal);
      } catch (error) {
        if (error instanceof BrokenCircuitError) {
          throw new StrowgerError('service.unavailable', `${hostOf(options)} failed too often; it is left alone for a while.`, { cause: error });
        }
        throw error;
      } finally {
        forget?.();
      }
    },
  };
}

async function attempt<Result>(options: HttpClientOptions, request: HttpRequest<Result>, signal: AbortSignal): Promise<Result> {
  const { baseUrl, timeoutMs, headers, maxResponseBytes = DEFAULT_MAX_BYTES } = options;
  const { method, path, body, idempotencyKey, read } = request;
  const limit = AbortSignal.timeout(timeoutMs);
  const where = `${method} ${hostOf(options)}`;
  let status: number;
  let text: string;
  try {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([limit, signal]),
    });
    status = response.status;
    text = await readLimited(response, maxResponseBytes, where);
  } catch (error) {
    if (isStrowgerError(error)) throw error;
    if (limit.aborted) throw new StrowgerError('service.timeout', `${where} gave no answer within ${timeoutMs} ms.`, { cause: error });
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
    throw new StrowgerError('service.unavailable', `${where}: ${cause}`, { cause: error });
  }
  if (status >= 500 || status === 429) throw new StrowgerError('service.unavailable', `${where} answered ${status}.`, { fields: { status } });
  if (status >= 300) throw new StrowgerError('service.refused', `${where} answered ${status}.`, { fields: { status } });
  try {
    return read(JSON.parse(text));
  } catch (error) {
    // The body is not shown: it may be a customer's data.
    throw new StrowgerError('service.invalid', `${where} answered with something else than expected.`, { cause: error });
  }
}

async function readLimited(response: Response, maxBytes: number, where: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new StrowgerError('service.invalid', `${where} answered with more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Without path and credentials: those may identify a customer. */
function hostOf({ baseUrl }: HttpClientOptions): string {
  return new URL(baseUrl).host;
}
