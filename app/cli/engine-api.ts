import { StrowgerError } from '../../engine/domain/errors.ts';

/** Where a running engine is reached. */
export interface EngineAddress {
  readonly url: string;
  readonly token?: string;
}

export interface EngineRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** Default 5000. */
  readonly timeoutMs?: number;
}

/** Asks the API of a running engine. Throws `cli.engine-unreachable` and `cli.refused`. */
export async function askEngine({ url, token }: EngineAddress, { method, path, body, timeoutMs = 5_000 }: EngineRequest): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new StrowgerError('cli.engine-unreachable', `No engine answers at ${url}.`, { cause: error });
  }
  const answer: unknown = await response.json();
  if (!response.ok) {
    const { code, message, hint } = answer as { code?: string; message?: string; hint?: string };
    throw new StrowgerError('cli.refused', message ?? `The engine answered ${response.status}.`, { fields: { code }, ...(hint === undefined ? {} : { hint }) });
  }
  return answer;
}
