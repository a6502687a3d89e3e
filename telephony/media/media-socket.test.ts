import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { silentLogger } from '../../engine/ports/logger.ts';
import { MediaPeer } from '../../test/fakes/media-peer.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { MediaSocket, MOST_UNREAD_BYTES } from './media-socket.ts';

let peer: MediaPeer;
let clock: VirtualClock;
let heard: Int16Array[];
let warnings: unknown[];
let closed: Promise<string>;
let ends: string[];
let tellClosed: (reason: string) => void;

beforeEach(async () => {
  peer = await MediaPeer.start();
  clock = new VirtualClock();
  heard = [];
  warnings = [];
  ends = [];
  closed = new Promise((resolve) => (tellClosed = (reason) => (ends.push(reason), resolve(reason))));
});
afterEach(() => peer.stop());

const open = (address = peer.url) =>
  MediaSocket.open({ address: { url: address, headers: { authorization: 'Basic eDp5' } }, timeoutMs: 1_000, clock, log: { ...silentLogger, warn: ({ event }) => warnings.push(event) } }, { audio: (samples) => heard.push(samples), closed: tellClosed });

async function opened(start = 'MEDIA_START connection_id:secret-id') {
  const opening = open();
  const { socket, request } = await peer.guest;
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

  it('keeps no more for a switch that stops reading than may be ahead of the caller, and says so once', async () => {
    const { far, media } = await opened();
    // What the system takes before it says that nobody reads, is gone before a stall is noticed.
    const written = vi.spyOn(WebSocket.prototype, 'send');
    const unread = vi.spyOn(WebSocket.prototype, 'bufferedAmount', 'get');
    unread.mockReturnValue(MOST_UNREAD_BYTES - 320);
    media.send(new Int16Array(160));
    expect(written).toHaveBeenCalledOnce();
    unread.mockReturnValue(MOST_UNREAD_BYTES);
    for (let second = 0; second < 300; second += 1) {
      media.send(new Int16Array(8_000));
      await clock.advanceBy(1_000);
    }
    expect(written).toHaveBeenCalledOnce();
    expect(warnings).toEqual(['media.dropped']);
    unread.mockRestore();
    media.send(new Int16Array(160));
    expect(written).toHaveBeenCalledTimes(2);
    written.mockRestore();
    media.close();
    await once(far, 'close');
  });

  it('waits with sound from MEDIA_XOFF to MEDIA_XON', async () => {
    const { far, media } = await opened();
    const sound: number[] = [];
    far.on('message', (data) => sound.push((data as Buffer).length));
    const passed = async () => {
      await new Promise((resolve) => far.ping(resolve));
      await once(far, 'pong');
    };
    far.send('MEDIA_XOFF');
    await passed();
    media.send(new Int16Array(160));
    await clock.advanceBy(1_000);
    await passed();
    expect(sound).toEqual([]);
    far.send('MEDIA_XON');
    await once(far, 'message');
    expect(sound).toEqual([320]);
    media.close();
  });

  it('tells its end once, whatever else ends with it', async () => {
    const { far } = await opened();
    // Not a frame of a WebSocket: an error, and then the end.
    const wire = (far as unknown as { readonly _socket: Socket })._socket;
    wire.end(Buffer.from([0xff, 0xff]));
    expect(await closed).toBeDefined();
    far.terminate();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ends).toHaveLength(1);
  });

  it('tells nothing after it was closed, and leaves no timer', async () => {
    const { far, media } = await opened();
    media.send(new Int16Array(80));
    expect(clock.pending).toBe(1);
    media.close();
    expect(clock.pending).toBe(0);
    far.terminate();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ends).toEqual([]);
  });

  it('is refused with the status, without the secret in the message', async () => {
    peer.refuse();
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
    const { socket } = await peer.guest;
    const gone = once(socket, 'close');
    const outcome = expect(opening).rejects.toMatchObject({ code: 'switch.timeout' });
    await clock.advanceBy(1_000);
    await outcome;
    await gone;
  });
});
