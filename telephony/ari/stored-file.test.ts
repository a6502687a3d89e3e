import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readStoredFile } from './plain-request.ts';

describe('readStoredFile', () => {
  let server: Server;
  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const read = async (url: string, idleMs = 1_000): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of await readStoredFile({ url, user: 'engine', password: 'sesame' }, 'hotline-rec-1', idleMs)) parts.push(part);
    return Buffer.concat(parts);
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('reads the file of a recording, as ARI names it', async () => {
    const sound = Buffer.alloc(300_000, 7);
    const visits: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      visits.push(request.method, request.url, request.headers.authorization);
      response.writeHead(200, { 'content-length': sound.length }).end(sound);
    });
    expect((await read(url)).equals(sound)).toBe(true);
    expect(visits).toEqual(['GET', '/ari/recordings/stored/hotline-rec-1/file', `Basic ${Buffer.from('engine:sesame').toString('base64')}`]);
  });

  it.each([
    [404, 'switch.gone'],
    [403, 'switch.refused'],
    [500, 'switch.refused'],
  ])('tells %i as %s', async (status, code) => {
    const url = await serve((_, response) => response.writeHead(status).end('{"message":"so it is"}'));
    await expect(read(url)).rejects.toMatchObject({ code });
  });

  it('fails when the connection is cut before the whole of it has come', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10_000 });
      response.write(Buffer.alloc(5_000));
      setImmediate(() => response.destroy());
    });
    await expect(read(url)).rejects.toMatchObject({ code: 'switch.unreachable' });
  });

  it('fails when nothing comes for too long', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10_000 });
      response.write(Buffer.alloc(5_000));
    });
    await expect(read(url, 100)).rejects.toMatchObject({ code: 'switch.unreachable' });
  });

  it('fails when nobody listens', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(read(url)).rejects.toMatchObject({ code: 'switch.unreachable' });
  });
});
