import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cancellation } from '../../../engine/domain/cancellation.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions, type RequestOptions } from './http-client.ts';

type Behaviour = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const json =
  (value: unknown, status = 200): Behaviour =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const hang: Behaviour = () => undefined;
const cut: Behaviour = (_, response) => void response.destroy();

/** What an answer has to be. */
function balance(value: unknown): { cents: number } {
  const { cents } = value as { cents?: unknown };
  if (typeof cents !== 'number') throw new TypeError('cents is not a number');
  return { cents };
}
const wanted: RequestOptions<{ cents: number }> = { validate: balance };

describe('createHttpClient', () => {
  /** A back office that behaves as told, one behaviour a request; the last one stays. */
  let server: Server;
  let behaviours: Behaviour[];
  let requests: { line: string; body: string; headers: IncomingMessage['headers'] }[];
  let baseUrl: string;

  const client = (options: Partial<HttpClientOptions> = {}): HttpClient =>
    createHttpClient({ name: 'bank core', baseUrl, timeoutMs: 5000, retry: { attempts: 3, firstDelayMs: 1, maxDelayMs: 2 }, ...options });
  const behave = (...list: Behaviour[]): void => void (behaviours = list);

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        requests.push({ line: `${request.method} ${request.url}`, body, headers: request.headers });
        const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
        behaviour?.(request, response, body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('sends and receives JSON, with headers, query and encoded parameters', async () => {
    behave(json({ cents: 5 }));
    const http = client({ headers: () => ({ authorization: 'Bearer t' }) });
    expect(await http.get('/customers/{id}', { ...wanted, params: { id: 'a/b?#李' }, query: { currency: 'CNY', full: true, none: undefined } })).toEqual({ cents: 5 });
    expect(await http.post('/transfers', { to: '李' }, { ...wanted, idempotencyKey: 'key-1' })).toEqual({ cents: 5 });
    expect(requests.map((r) => r.line)).toEqual(['GET /api/customers/a%2Fb%3F%23%E6%9D%8E?currency=CNY&full=true', 'POST /api/transfers']);
    expect(requests[1]).toMatchObject({ body: '{"to":"李"}', headers: { authorization: 'Bearer t', 'idempotency-key': 'key-1', 'content-type': 'application/json' } });
  });

  it('lets no value leave its place in the path', async () => {
    behave(json({ cents: 5 }));
    for (const id of ['..', '.', '']) {
      await expect(client().get('/customers/{id}/balance', { ...wanted, params: { id } })).rejects.toMatchObject({ code: 'service.invalid' });
    }
    await expect(client().get('/customers/{id}', wanted)).rejects.toMatchObject({ code: 'service.invalid', fields: { name: 'id' } });
    expect(requests).toEqual([]);
  });

  it('takes an empty answer as undefined', async () => {
    behave((_, response) => void response.writeHead(204).end());
    expect(await client().delete('/x', { validate: (value) => value === undefined })).toBe(true);
  });

  it.each([
    ['no JSON', (_: unknown, response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'), { detail: 'content type text/html' }],
    ['another shape', json({ cents: 'many' }), { detail: 'cents is not a number' }],
    ['nothing', json(null), {}],
    ['a redirect', (_: unknown, response: ServerResponse) => void response.writeHead(302, { location: 'http://evil.example/' }).end(), { status: 302 }],
  ])('rejects an answer that is %s, at once', async (_, behaviour, fields) => {
    behave(behaviour);
    await expect(client().get('/x', wanted)).rejects.toMatchObject({ code: 'service.invalid', fields });
    expect(requests).toHaveLength(1);
  });

  it('reads no more than it may of a huge answer', async () => {
    let sent = 0;
    let socket: Socket | undefined;
    behave((_, response) => {
      socket = response.socket ?? undefined;
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) sent += 16_384;
        sent += 16_384;
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.on('drain', more);
      more();
    });
    await expect(client({ maxResponseBytes: 100_000 }).get('/x', wanted)).rejects.toMatchObject({ code: 'service.invalid', fields: { detail: 'too large' } });
    await vi.waitFor(() => expect(socket?.destroyed).toBe(true), { timeout: 5000 });
    expect(sent).toBeLessThan(20_000_000);
  });

  it('tells a refusal with its status, and does not insist', async () => {
    behave(json({ error: 'secret of customer 13812345678' }, 403));
    const error: unknown = await client().get('/customers/{id}', { ...wanted, params: { id: '13812345678' } }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'service.refused', fields: { status: 403 }, message: 'GET /customers/{id} of bank core refused the request with 403.' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['500', json({}, 500)],
    ['429', json({}, 429)],
    ['a broken connection', cut],
    ['a connection that breaks within the answer', (_: unknown, response: ServerResponse) => void response.writeHead(200, { 'content-length': 100 }).write('{"cents"', () => response.destroy())],
  ])('tries again after %s, when it may be done twice', async (_, behaviour) => {
    const http = client();
    behave(behaviour, behaviour, json({ cents: 7 }));
    expect(await http.get('/x', wanted)).toEqual({ cents: 7 });
    behave(behaviour, json({ cents: 8 }));
    expect(await http.post('/x', {}, { ...wanted, idempotencyKey: 'k' })).toEqual({ cents: 8 });
    expect(requests).toHaveLength(5);
    behave(behaviour);
    await expect(http.post('/x', {}, wanted)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(requests).toHaveLength(6);
    await expect(http.get('/x', wanted)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(requests).toHaveLength(9);
  });

  it('says unavailable when nobody listens', async () => {
    await expect(client({ baseUrl: 'http://127.0.0.1:1' }).get('/x', wanted)).rejects.toMatchObject({ code: 'service.unavailable', message: expect.stringContaining('cannot be reached') as string });
  });

  it('gives up an attempt in time for another', async () => {
    behave(hang, json({ cents: 1 }));
    expect(await client({ attemptTimeoutMs: 200 }).get('/x', wanted)).toEqual({ cents: 1 });
    expect(requests).toHaveLength(2);
  });

  it('never outlasts the patience of the caller, whatever hangs', async () => {
    behave(hang);
    const closed = new Promise((resolve) => server.once('connection', (socket: Socket) => socket.once('close', resolve)));
    await expect(client({ timeoutMs: 100, retry: { attempts: 50 } }).get('/x', wanted)).rejects.toMatchObject({ code: 'service.timeout' });
    await closed; // nothing is left hanging
    behave((_, response) => void response.writeHead(200).write('{'));
    await expect(client().get('/x', { ...wanted, timeoutMs: 50 })).rejects.toMatchObject({ code: 'service.timeout' });
    behave(json({}, 500));
    // The pauses between attempts count too.
    await expect(client({ timeoutMs: 100, retry: { attempts: 9, firstDelayMs: 60_000, maxDelayMs: 60_000 } }).get('/x', wanted)).rejects.toMatchObject({ code: 'service.timeout', fields: { timeoutMs: 100 } });
  });

  it('gives up at once when the caller is gone', async () => {
    behave(hang);
    const cancel = new Cancellation();
    const answer = client().get('/x', { ...wanted, cancel });
    const rejected = expect(answer).rejects.toMatchObject({ code: 'service.unavailable', fields: { givenUp: true } });
    await vi.waitFor(() => expect(requests).toHaveLength(1), { timeout: 5000 });
    cancel.cancel();
    await rejected;
    await expect(client().get('/x', { ...wanted, cancel })).rejects.toMatchObject({ fields: { givenUp: true } });
    expect(requests).toHaveLength(1);
  });

  it('leaves a sick service alone for a while, then lets one request go first', async () => {
    const http = client({ retry: { attempts: 1 }, breaker: { failures: 3, openMs: 200 } });
    behave(json({}, 500));
    for (let i = 0; i < 3; i++) await expect(http.get('/x', wanted)).rejects.toMatchObject({ fields: { status: 500 } });
    expect(http.breakerState()).toBe('open');
    await expect(http.get('/other', wanted)).rejects.toMatchObject({ code: 'service.unavailable', fields: { breaker: 'open' } });
    expect(requests).toHaveLength(3);

    behave(json({ cents: 1 }));
    await vi.waitFor(async () => expect(await http.get('/x', wanted)).toEqual({ cents: 1 }), { timeout: 5000 });
    expect(http.breakerState()).toBe('closed');
    expect(requests).toHaveLength(4);
  });

  it('takes a service that hangs for as long as callers wait for a sick one', async () => {
    const http = client({ timeoutMs: 50, retry: { attempts: 1 }, breaker: { failures: 2, openMs: 60_000 } });
    behave(hang);
    for (let i = 0; i < 2; i++) await expect(http.get('/x', wanted)).rejects.toMatchObject({ code: 'service.timeout' });
    expect(http.breakerState()).toBe('open');
  });

  it('does not take refusals, nonsense or callers who left for a sickness of the service', async () => {
    const http = client({ retry: { attempts: 1 }, breaker: { failures: 2, openMs: 60_000 } });
    behave(json({}, 404));
    for (let i = 0; i < 4; i++) await expect(http.get('/x', wanted)).rejects.toMatchObject({ code: 'service.refused' });
    behave(json({}));
    for (let i = 0; i < 4; i++) await expect(http.get('/x', wanted)).rejects.toMatchObject({ code: 'service.invalid' });
    behave(hang);
    for (let i = 0; i < 4; i++) {
      const cancel = new Cancellation();
      const seen = requests.length;
      const rejected = expect(http.get('/x', { ...wanted, cancel })).rejects.toMatchObject({ fields: { givenUp: true } });
      await vi.waitFor(() => expect(requests.length).toBe(seen + 1), { timeout: 5000 });
      cancel.cancel();
      await rejected;
    }
    expect(http.breakerState()).toBe('closed');
  });
});
