import { isStrowgerError, StrowgerError, type ErrorCode } from '../../engine/domain/errors.ts';

/** What every refused request is answered with. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  /** Of `callback.refused`: why, for programs. */
  readonly refusal?: string;
}

/** Codes that a caller of the API can do something about. All others are a failure of ours. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'api.invalid': 400,
  'api.unauthorized': 401,
  'api.forbidden': 403,
  'api.too-many': 429,
  'api.not-found': 404,
  'agent.unknown': 404,
  'agent.conflict': 409,
  'agent.code-unknown': 422,
  'agent.reason-unknown': 422,
  'contact.unknown': 404,
  'callback.unknown': 404,
  'callback.conflict': 409,
  'callback.refused': 422,
  'recording.off': 409,
  'recording.unknown': 404,
  'recording.conflict': 409,
  'acd.unknown': 404,
  'acd.no-file': 409,
  'acd.refused': 422,
  'store.failed': 503,
};

export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

export function errorBody({ code, message, hint, fields }: StrowgerError): ErrorBody {
  const { refusal } = fields;
  return { code, message, hint, ...(code === 'callback.refused' && typeof refusal === 'string' ? { refusal } : {}) };
}

/** Anything that was thrown while a request was served, as one of our errors. Its text never tells what is inside us. */
export function asApiError(error: unknown, requestId: string): { readonly status: number; readonly error: StrowgerError } {
  if (isStrowgerError(error)) return { status: statusOf(error.code), error };
  const status = fastifyStatusOf(error);
  if (status !== undefined) {
    const message = error instanceof Error ? error.message : 'The request has a wrong form.';
    return { status, error: new StrowgerError('api.invalid', message, { cause: error }) };
  }
  const internal = new StrowgerError('api.internal', `The request ${requestId} failed.`, { fields: { requestId }, cause: error });
  return { status: 500, error: internal };
}

/** Fastify's refusals (no JSON, too large, wrong content type) carry a status of their own: 4xx. */
function fastifyStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
