import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { silentLogger } from '../../engine/ports/logger.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { MediaSocket } from './media-socket.ts';

/** What chan_websocket does that a real one cannot be made to do. */
let server: Server;
let url: string;
let accepted: Promise<{ readonly socket: WebSocket; readonly request: IncomingMessage }>;
let clock: VirtualClock;
let heard: Int16Array[];
let closed: Promise<string>;
let tellClosed: (reason: string) => void;

beforeEach(async () => {
  server = createServer();
  const upgrades = new WebSocketServer({ server });
  accepted = new Promise((resolve) => upgrades.on('connection', (socket, request) => resolve({ socket, request })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/media/secret-id`;
  clock = new VirtualClock();
  heard = [];
  closed = new Promise((resolve) => (tellClosed = resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = (address = url) =>
  MediaSocket.open({ address: { url: address, headers: { authorization: 'Basic eDp5' } }, timeoutMs: 1_000, clock, log: silentLogger }, { audio: (samples) => heard.push(samples), closed: tellClosed });

async function opened(start = 'MEDIA_START connection_id:secret-id') {
  const opening = open();
  const { socket, request } = await accepted;
  socket.send(start);
  return { media: await opening, far: socket, request };
}

describe('the WebSocket of a media channel', () => {
  it('opens with the subprotocol, the password and MEDIA_START', async () => {
    const { request, media } = await opened();
    expect(request.headers).toMatchObject({ 'sec-websocket-protocol': 'media', authorization: 'Basic eDp5' });
    expect(clock.pending).toBe(0);
    media.close();
  });

  it('reads sound as little-endian samples', async () => {
    const { far, media } = await opened();
    far.send(Buffer.from([1, 0, 255, 255, 0, 128, 7]));
    await new Promise((resolve) => far.ping(resolve));
    await once(far, 'pong');
    expect(heard.map((samples) => [...samples])).toEqual([[1, -1, -32_768]]);
    media.close();
  });

  it('sends sound, and FLUSH_MEDIA in the spelling that the switch speaks', async () => {
    const { far, media } = await opened('{"event":"MEDIA_START"}');
    const messages: (Buffer | string)[] = [];
    far.on('message', (data, isBinary) => messages.push(isBinary ? (data as Buffer) : (data as Buffer).toString()));
    media.send(new Int16Array(160).fill(-2));
    media.flush();
    media.close();
    await once(far, 'close');
    expect(messages).toEqual([Buffer.alloc(320, Buffer.from([254, 255])), '{"command":"FLUSH_MEDIA"}']);
  });

  it('tells its end once, and nothing after it was closed', async () => {
    const { far } = await opened();
    far.terminate();
    expect(await closed).toMatch(/closed/);
  });

  it('is refused with the status, without the secret in the message', async () => {
    server.removeAllListeners('upgrade');
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'));
    const error = await open().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'switch.refused', fields: { status: 404 } });
    expect(String(error)).not.toContain('secret-id');
  });

  it('is unreachable where nobody listens', async () => {
    await expect(open('ws://127.0.0.1:1/media/x')).rejects.toMatchObject({ code: 'switch.unreachable' });
    expect(clock.pending).toBe(0);
  });

  it('gives up when the switch does not begin', async () => {
    const opening = open();
    const { socket } = await accepted;
    const gone = once(socket, 'close');
    const outcome = expect(opening).rejects.toMatchObject({ code: 'switch.timeout' });
    await clock.advanceBy(1_000);
    await outcome;
    await gone;
  });
});
