import { messageOf, StrowgerError } from '../../../engine/domain/errors.ts';

export type PathParams = Readonly<Record<string, string | number>>;
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One request, ready to be sent as often as need be. */
export interface Attempt {
  /** `GET /customers/{id} of bank core`: for messages, without values, which may be personal. */
  readonly where: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined sends none. */
  readonly body: unknown;
  readonly maxResponseBytes: number;
}

/** Puts a path with `{names}` behind the base. What stands in the values cannot leave its segment. */
export function buildUrl(baseUrl: string, path: string, params: PathParams = {}, query: Query = {}): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    // `.` and `..` would walk up the path, encoded or not (WHATWG URL §4.4).
    if (value === undefined || /^\.{1,2}$/.test(String(value)) || value === '') {
      throw new StrowgerError('service.invalid', `The path ${path} has no usable value for {${name}}.`, { fields: { path, name } });
    }
    return encodeURIComponent(value);
  });
  const url = new URL(baseUrl.replace(/\/$/, '') + filled);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** Sends once and reads the answer. Rejects with service.* errors, or with whatever `signal` brings. */
export async function sendOnce(attempt: Attempt, signal: AbortSignal): Promise<unknown> {
  const { where, method, url, headers, body } = attempt;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect could lead credentials anywhere; a back office that moves is told to us by configuration.
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    throw unreachable(where, error);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw refusal(where, response.status);
  }
  const text = await readBody(attempt, response);
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new StrowgerError('service.invalid', `${where} answered with something that is no JSON.`, {
      fields: { detail: `content type ${response.headers.get('content-type') ?? 'none'}` },
      cause: error,
    });
  }
}

async function readBody({ where, maxResponseBytes }: Attempt, response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      // Leaving the loop ends the connection: nothing more of it is read.
      if (bytes > maxResponseBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw unreachable(where, error);
  }
  if (bytes > maxResponseBytes) {
    throw new StrowgerError('service.invalid', `${where} answered with more than ${maxResponseBytes} bytes.`, { fields: { detail: 'too large' } });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(where: string, status: number): StrowgerError {
  const fields = { status };
  // 408 and 429 ask for another attempt, as 5xx do (RFC 9110 §15.5.9, RFC 6585 §4).
  if (status >= 500 || status === 408 || status === 429) {
    return new StrowgerError('service.unavailable', `${where} answered ${status}.`, { fields });
  }
  if (status >= 400) return new StrowgerError('service.refused', `${where} refused the request with ${status}.`, { fields });
  return new StrowgerError('service.invalid', `${where} answered ${status}, which is no answer.`, { fields: { ...fields, detail: 'redirect' } });
}

function unreachable(where: string, error: unknown): StrowgerError {
  // fetch hides the reason (ECONNREFUSED, UND_ERR_SOCKET, a certificate) in its cause.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return new StrowgerError('service.unavailable', `${where} cannot be reached: ${code ?? messageOf(cause)}.`, { fields: { code }, cause: error });
}
