import {
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  TaskCancelledError,
  TimeoutStrategy,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  retry,
  timeout,
} from 'cockatiel';
import type { CancelSignal } from '../../../engine/domain/cancellation.ts';
import { isStrowgerError, StrowgerError } from '../../../engine/domain/errors.ts';
import { buildUrl, sendOnce, type Attempt, type PathParams, type Query } from './attempt.ts';

export interface HttpClientOptions {
  /** Names the back office in errors, e.g. `bank core`. Default: the host. */
  readonly name?: string;
  /** `https://core.bank.example/api`; paths are put behind it. */
  readonly baseUrl: string;
  /** The caller's patience in milliseconds, over all attempts and the pauses between them. */
  readonly timeoutMs: number;
  /** Limit of one attempt. Default: half of `timeoutMs` when a second attempt may follow, else all of it. */
  readonly attemptTimeoutMs?: number;
  /** Only for what may be done twice: GET, PUT, DELETE, and POST with an idempotency key. Default: one more attempt. */
  readonly retry?: { readonly attempts: number; readonly firstDelayMs?: number; readonly maxDelayMs?: number };
  /** After `failures` failed attempts in a row none is made for `openMs`; then one goes first. Default: 5, 10 s. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  /** Default: 1 MB. */
  readonly maxResponseBytes?: number;
  /** Sent with each request; asked each time, so a credential may change. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

export interface RequestOptions<T> {
  /** Turns what was answered (parsed JSON, or undefined for an empty body) into what is expected, or throws. */
  readonly validate: (value: unknown) => T;
  /** For `{name}` in the path, encoded here. Error messages show the path without them. */
  readonly params?: PathParams;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `Idempotency-Key`: the service acts once for all attempts, so a POST may be tried again. */
  readonly idempotencyKey?: string;
  /** Less patience than the client's for this request. */
  readonly timeoutMs?: number;
  /** Gives the request up, e.g. when the caller has hung up. */
  readonly cancel?: CancelSignal;
}

/**
 * Reaches a back office over HTTP and JSON, with a limit for everything: time, attempts, size, and how long a sick service is
 * pestered. Rejects with `service.timeout`, `service.unavailable`, `service.invalid` or `service.refused` (field `status`).
 */
export interface HttpClient {
  get<T>(path: string, options: RequestOptions<T>): Promise<T>;
  post<T>(path: string, body: unknown, options: RequestOptions<T>): Promise<T>;
  put<T>(path: string, body: unknown, options: RequestOptions<T>): Promise<T>;
  delete<T>(path: string, options: RequestOptions<T>): Promise<T>;
  /** Whether requests go out (`closed`), none does (`open`), or one is tried (`halfOpen`). */
  breakerState(): 'closed' | 'open' | 'halfOpen';
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { baseUrl, timeoutMs, breaker: { failures, openMs } = { failures: 5, openMs: 10_000 } } = options;
  const { attempts, firstDelayMs = 100, maxDelayMs = 1000 } = options.retry ?? { attempts: 2 };
  const name = options.name ?? new URL(baseUrl).host;
  const again = retry(handleWhen(isSick), {
    maxAttempts: Math.max(0, attempts - 1),
    backoff: new ExponentialBackoff({ initialDelay: firstDelayMs, maxDelay: maxDelayMs }),
  });
  // One breaker for the whole back office: a sick service is sick on all paths.
  const breaker = circuitBreaker(handleWhen(isSick), { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });

  async function request<T>(method: Method, path: string, body: unknown, request: RequestOptions<T>): Promise<T> {
    const patienceMs = Math.min(timeoutMs, request.timeoutMs ?? timeoutMs);
    const repeatable = method !== 'POST' || request.idempotencyKey !== undefined;
    const mayRepeat = repeatable && attempts > 1;
    const attemptTimeoutMs = Math.min(patienceMs, options.attemptTimeoutMs ?? (mayRepeat ? patienceMs / 2 : patienceMs));
    const where = `${method} ${path} of ${name}`;
    const attempt: Attempt = {
      where,
      method,
      url: buildUrl(baseUrl, path, request.params, request.query),
      headers: {
        ...options.headers?.(),
        ...request.headers,
        ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
      },
      body,
      maxResponseBytes: options.maxResponseBytes ?? 1_000_000,
    };
    const limited = timeout(attemptTimeoutMs, TimeoutStrategy.Aggressive);
    const once = (signal: AbortSignal): Promise<unknown> =>
      breaker.execute(
        async () => {
          try {
            return await limited.execute((context) => sendOnce(attempt, context.signal), signal);
          } catch (error) {
            throw named(error, where, attemptTimeoutMs, signal);
          }
        },
        signal,
      );
    const answer = await withinPatience(where, patienceMs, request.cancel, (signal) =>
      mayRepeat ? again.execute((context) => once(context.signal), signal) : once(signal),
    );
    return valid(request.validate, answer, where);
  }

  return {
    get: (path, more) => request('GET', path, undefined, more),
    post: (path, body, more) => request('POST', path, body, more),
    put: (path, body, more) => request('PUT', path, body, more),
    delete: (path, more) => request('DELETE', path, undefined, more),
    breakerState: () => STATES[breaker.state],
  };
}

const STATES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'halfOpen',
} as const;

/** The service itself does not work: no answer, no connection, 5xx. A request that it refuses says nothing about it. */
function isSick(error: unknown): boolean {
  return (isStrowgerError(error, 'service.timeout') || isStrowgerError(error, 'service.unavailable')) && error.fields['givenUp'] !== true;
}

/** Runs `work` until it is done, the caller's patience is over, or the caller is gone. */
async function withinPatience<T>(where: string, patienceMs: number, cancel: CancelSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let end: StrowgerError | undefined;
  const stop = (error: StrowgerError): void => {
    end ??= error;
    controller.abort(error);
  };
  const timer = setTimeout(() => stop(timedOut(where, patienceMs)), patienceMs);
  const forget = cancel?.onCancel(() => stop(givenUp(where)));
  try {
    if (end !== undefined) throw end;
    return await Promise.race([work(controller.signal), aborted(controller.signal)]);
  } catch (error) {
    if (end !== undefined) throw end;
    if (isBrokenCircuitError(error)) {
      throw new StrowgerError('service.unavailable', `${where} was not tried: the service failed too often and is left alone for a while.`, {
        fields: { breaker: 'open' },
        cause: error,
      });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    forget?.();
    // Whatever still runs (a retry that waits, a body that comes) ends with the request.
    controller.abort();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

/** What ended an attempt, as one of our errors. */
function named(error: unknown, where: string, attemptTimeoutMs: number, signal: AbortSignal): unknown {
  // The caller's patience ended, which counts against the service, or the caller left, which does not.
  if (signal.aborted) return isStrowgerError(signal.reason) ? signal.reason : givenUp(where);
  // Not its isTaskCancelledError(), which looks for another class's mark (cockatiel 3.2.1, Errors.ts).
  if (error instanceof TaskCancelledError) return timedOut(where, attemptTimeoutMs);
  return error;
}

function timedOut(where: string, afterMs: number): StrowgerError {
  return new StrowgerError('service.timeout', `${where} gave no answer within ${Math.round(afterMs)} ms.`, { fields: { timeoutMs: afterMs } });
}

function givenUp(where: string): StrowgerError {
  return new StrowgerError('service.unavailable', `${where} was given up: nobody waits for the answer any more.`, { fields: { givenUp: true } });
}

function valid<T>(validate: (value: unknown) => T, value: unknown, where: string): T {
  try {
    return validate(value);
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 300) : 'no reason given';
    throw new StrowgerError('service.invalid', `${where} answered with something else than was agreed.`, { fields: { detail }, cause: error });
  }
}
