import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Cancellation } from '../../../engine/domain/cancellation.ts';
import { createHttpClient, type HttpClientOptions, type HttpRequest } from './http-client.ts';

let server: Server | undefined;
let seen: { method: string; key: string | undefined }[] = [];

async function office(listener: RequestListener, options: Partial<HttpClientOptions> = {}) {
  seen = [];
  server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', key: request.headers['idempotency-key'] as string | undefined });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createHttpClient({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 200, ...options });
}
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

const read = (body: unknown): number => {
  const { value } = body as { value?: unknown };
  if (typeof value !== 'number') throw new TypeError('no value');
  return value;
};
const GET: HttpRequest<number> = { method: 'GET', path: '/v', read };
const POST: HttpRequest<number> = { method: 'POST', path: '/v', body: { pin: '1' }, read };
const fine: RequestListener = (_, response) => response.end('{"value": 7}');

describe('the HTTP client', () => {
  it('reads a checked answer', async () => {
    expect(await (await office(fine)).request(GET)).toBe(7);
  });

  it.each<[string, RequestListener, string]>([
    ['that never answers', () => undefined, 'service.timeout'],
    ['that cuts the connection', (request) => request.socket.destroy(), 'service.unavailable'],
    ['that answers 500', (_, response) => response.writeHead(500).end(), 'service.unavailable'],
    ['that is busy', (_, response) => response.writeHead(429).end(), 'service.unavailable'],
    ['that refuses', (_, response) => response.writeHead(403).end(), 'service.refused'],
    ['that redirects', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(), 'service.unavailable'],
    ['that answers HTML', (_, response) => response.end('<html>'), 'service.invalid'],
    ['that answers another shape', (_, response) => response.end('{"value": "7"}'), 'service.invalid'],
    ['that answers without end', (_, response) => response.end(Buffer.alloc(300 * 1024, 'x')), 'service.invalid'],
  ])('tells what a back office does %s', async (_, listener, code) => {
    await expect((await office(listener)).request(GET)).rejects.toMatchObject({ code });
  });

  it('tells a back office that is not there', async () => {
    const client = await office(fine);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(client.request(GET)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('tries once more what may be repeated, and nothing else', async () => {
    let failures = 1;
    const once: RequestListener = (request, response) => (failures-- > 0 ? response.writeHead(503).end() : fine(request, response));
    expect(await (await office(once)).request(GET)).toBe(7);
    expect(seen).toHaveLength(2);
    await new Promise((resolve) => server?.close(resolve));
    failures = 1;
    await expect((await office(once)).request(POST)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(seen).toHaveLength(1);
    await new Promise((resolve) => server?.close(resolve));
    failures = 1;
    expect(await (await office(once)).request({ ...POST, idempotencyKey: 'k-1' })).toBe(7);
    expect(seen.map(({ key }) => key)).toEqual(['k-1', 'k-1']);
  });

  it('leaves a back office alone that fails again and again, and tries it again later', async () => {
    let broken = true;
    const client = await office((request, response) => (broken ? response.writeHead(500).end() : fine(request, response)), {
      retries: 0,
      breaker: { failures: 2, restMs: 50 },
    });
    for (let i = 0; i < 2; i += 1) await expect(client.request(GET)).rejects.toMatchObject({ code: 'service.unavailable' });
    await expect(client.request(GET)).rejects.toThrow('left alone');
    expect(seen).toHaveLength(2);
    broken = false;
    await expect.poll(() => client.request(GET).catch(() => undefined), { timeout: 2000 }).toBe(7);
  });

  it('does not count refusals and nonsense as failures of the circuit', async () => {
    const client = await office((_, response) => response.writeHead(404).end(), { breaker: { failures: 1 } });
    for (let i = 0; i < 3; i += 1) await expect(client.request(GET)).rejects.toMatchObject({ code: 'service.refused' });
    expect(seen).toHaveLength(3);
  });

  it('stops when the caller is gone', async () => {
    const cancel = new Cancellation();
    const client = await office(() => cancel.cancel(), { timeoutMs: 5000 });
    await expect(client.request({ ...GET, cancel })).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  it('shows neither path nor body in its errors', async () => {
    const client = await office((_, response) => response.end('{"account": "6222020200112233445"}'));
    const failed = client.request({ ...GET, path: '/customers/6222020200112233445' });
    await expect(failed).rejects.not.toThrow(/6222/);
  });
});
