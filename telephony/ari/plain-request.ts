import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { StrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { refusal, unreachable } from './ari-failure.ts';

export interface AriAddress {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const Info = z.object({
  system: z.object({ version: z.string(), entity_id: z.string() }),
  status: z.object({ startup_time: z.string() }).optional(),
});

/** Which Asterisk it is, and since when (in its words) it runs. */
export interface AriInfo {
  readonly version: string;
  readonly startedAt?: string;
}

/**
 * Asks for version and start with one plain HTTP request on a connection of its own. It is the first thing of each attempt:
 * a wrong password is told clearly here, where ari-client would end the process.
 */
export async function askInfo({ url, user, password }: AriAddress, timeoutMs: number): Promise<AriInfo> {
  const { status, body } = await get(new URL('/ari/asterisk/info?only=system,status', url), user, password, timeoutMs).catch((error: unknown) => {
    throw new StrowgerError('switch.unreachable', `No answer from Asterisk at ${url}: ${messageOf(error)}`, { fields: { url } });
  });
  if (status === 401 || status === 403) {
    throw new StrowgerError('switch.unauthorized', `Asterisk at ${url} refused the user '${user}' (${status}).`, { fields: { url, user, status } });
  }
  if (status !== 200) {
    const hint = status === 404 ? 'Load res_ari and its resources, and set enabled=yes in ari.conf and http.conf.' : undefined;
    throw new StrowgerError('switch.unreachable', `Asterisk at ${url} answered ${status} to /ari/asterisk/info.`, {
      fields: { url, status },
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const info = Info.safeParse(parse(body));
  if (!info.success) throw new StrowgerError('switch.unreachable', `What answers at ${url} is no Asterisk.`, { fields: { url } });
  const { version } = info.data.system;
  const startedAt = info.data.status?.startup_time;
  return { version, ...(startedAt === undefined ? {} : { startedAt }) };
}

/**
 * The file of a stored recording, as the switch reads it from its disk. Neither transport carries it: REST over WebSocket has text only.
 * `idleMs`: so long nothing may come. Rejects with `switch.gone`, `switch.refused` and `switch.unreachable`; the latter also in reading, when
 * the connection ends before the file does.
 */
export async function readStoredFile({ url, user, password }: AriAddress, name: string, idleMs: number): Promise<AsyncIterable<Uint8Array>> {
  const operation = 'recordings.getStoredFile';
  const response = await open(new URL(`/ari/recordings/stored/${encodeURIComponent(name)}/file`, url), user, password, idleMs).catch((error: unknown) => {
    throw unreachable(operation, messageOf(error), error);
  });
  if (response.statusCode === 200) return filePartsOf(response, operation);
  const parts: Uint8Array[] = [];
  for await (const part of filePartsOf(response, operation)) parts.push(part);
  throw refusal(operation, response.statusCode, response.statusMessage ?? '', Buffer.concat(parts).toString());
}

async function* filePartsOf(response: IncomingMessage, operation: 'recordings.getStoredFile'): AsyncGenerator<Uint8Array> {
  try {
    // Ends with an error when the connection is cut before the length that was announced.
    for await (const part of response) yield part as Uint8Array;
  } catch (error) {
    throw unreachable(operation, messageOf(error), error);
  }
}

function open(url: URL, user: string, password: string, idleMs: number): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: authorization(user, password), agent: false, timeout: idleMs }, resolve);
    sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${idleMs} ms`)));
    sent.on('error', reject);
    sent.end();
  });
}

function authorization(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

function get(url: URL, user: string, password: string, timeoutMs: number): Promise<{ status: number; body: string }> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: authorization(user, password), agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** REST over WebSocket exists from 22.4, 21.9 and 20.14 (CHANGES of these releases), and in every later series. */
export function speaksRestOverWebSocket(version: string): boolean {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const since: Readonly<Record<number, number>> = { 20: 14, 21: 9, 22: 4 };
  return Number(major) > 22 || Number(minor) >= (since[Number(major)] ?? Infinity);
}

/** Media over WebSocket exists from 23.0, 22.6, 21.11 and 20.16 (docs.asterisk.org, "WebSocket" channel driver). A version that is no number is not judged. */
export function carriesMediaOverWebSocket(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return true;
  const since: Readonly<Record<number, number>> = { 20: 16, 21: 11, 22: 6 };
  return Number(major) > 22 || Number(minor) >= (since[Number(major)] ?? Infinity);
}
