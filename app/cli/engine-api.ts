import { StrowgerError } from '../../engine/domain/errors.ts';

/** Where a running engine is reached. */
export interface EngineAddress {
  readonly url: string;
  readonly token?: string;
}

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Default 5000. */
  readonly timeoutMs?: number;
}

/** Asks the API of a running engine. Throws `cli.engine-unreachable` and `cli.refused`. */
export async function askEngine(engine: EngineAddress, { method, path, body, timeoutMs = 5_000 }: EngineRequest): Promise<unknown> {
  const response = await ask(engine, path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return response.json();
}

/** Asks for a file, which may take as long as it takes. Throws as `askEngine`. */
export async function askEngineForFile(engine: EngineAddress, path: string): Promise<ReadableStream<Uint8Array>> {
  const { body } = await ask(engine, path, { method: 'GET' });
  if (body === null) throw new StrowgerError('cli.refused', 'The engine answered with nothing.');
  return body;
}

async function ask({ url, token }: EngineAddress, path: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), { ...request, headers: { ...request.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } });
  } catch (error) {
    throw new StrowgerError('cli.engine-unreachable', `No engine answers at ${url}.`, { cause: error });
  }
  if (response.ok) return response;
  const { code, message, hint } = (await response.json()) as { code?: string; message?: string; hint?: string };
  throw new StrowgerError('cli.refused', message ?? `The engine answered ${response.status}.`, { fields: { code }, ...(hint === undefined ? {} : { hint }) });
}
