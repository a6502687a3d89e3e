import WebSocket from 'ws';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { readControlMessage, writeCommand } from './control-message.ts';
import type { ControlFormat } from './control-message.ts';
import type { MediaAddress } from './media-lines.ts';
import { Outbox } from './outbox.ts';

/** So much may be on its way and unread by the switch: the five seconds that it may be ahead, and one more. A WebSocket that stalls takes no more. */
export const MOST_UNREAD_BYTES = 2 * 6 * CALL_SAMPLE_RATE_HZ;

export interface MediaSocketOptions {
  readonly address: MediaAddress;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface MediaSocketListener {
  audio(samples: Int16Array): void;
  /** It ended by itself, after it was open. Called once, never after `close()`. */
  closed(reason: string): void;
}

/**
 * The WebSocket of one external media channel. Binary messages are sound, signed 16-bit little-endian as on every machine that Node
 * runs on; text messages are control (docs.asterisk.org, "WebSocket" channel driver).
 */
export class MediaSocket {
  readonly #socket: WebSocket;
  readonly #listener: MediaSocketListener;
  readonly #outbox: Outbox;
  readonly #log: Logger;
  #format: ControlFormat = 'plain';
  #hasDropped = false;
  #isOver = false;

  /** Settles when the switch has said MEDIA_START. Rejects with `switch.refused`, `switch.timeout`, `switch.unreachable`. */
  static open(options: MediaSocketOptions, listener: MediaSocketListener): Promise<MediaSocket> {
    const { address, timeoutMs, clock } = options;
    const socket = new WebSocket(address.url, 'media', {
      headers: address.headers,
      // Sound does not shrink, and 50 messages a second would each cost a pass of zlib.
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    const media = new MediaSocket(socket, options, listener);
    return new Promise((resolve, reject) => {
      // The URL holds the connection's id, which opens it: not for messages.
      const { host } = new URL(address.url);
      let isOpening = true;
      const fail = (error: StrowgerError) => {
        if (!isOpening) return;
        isOpening = false;
        clock.clearTimeout(timer);
        reject(error);
        media.close();
      };
      const unreachable = (reason: string) => fail(new StrowgerError('switch.unreachable', `No WebSocket for sound to Asterisk at ${host}: ${reason}.`, { fields: { host } }));
      const timer = clock.setTimeout(
        () => fail(new StrowgerError('switch.timeout', `Asterisk at ${host} did not begin to send sound within ${timeoutMs} ms.`, { fields: { host, timeoutMs } })),
        timeoutMs,
      );
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        fail(
          new StrowgerError('switch.refused', `Asterisk at ${host} did not open a WebSocket for sound (${status}).`, {
            fields: { operation: 'media', status, detail: response.statusMessage },
          }),
        );
      });
      socket.on('error', (error) => {
        unreachable(error.message);
        media.#end(error.message);
      });
      socket.on('close', (code) => {
        unreachable(`it was closed (${code})`);
        media.#end(`the WebSocket for sound was closed (${code})`);
      });
      socket.once('message', () => {
        isOpening = false;
        clock.clearTimeout(timer);
        resolve(media);
      });
    });
  }

  private constructor(socket: WebSocket, { clock, log }: MediaSocketOptions, listener: MediaSocketListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#log = log;
    this.#outbox = new Outbox({ clock, transmit: (samples) => this.#transmit(samples) });
    socket.on('message', (data, isBinary) => {
      if (this.#isOver) return;
      if (isBinary) this.#listener.audio(samplesOf(data as Buffer));
      else this.#control((data as Buffer).toString());
    });
  }

  send(samples: Int16Array): void {
    if (!this.#isOver && !this.#outbox.add(samples)) this.#tellDropped();
  }

  #transmit(samples: Int16Array): void {
    // The outbox goes by the clock: what a stalled connection does not take would pile up here, and be played when nobody waits for it any more.
    if (this.#socket.bufferedAmount + samples.byteLength > MOST_UNREAD_BYTES) this.#tellDropped();
    else this.#socket.send(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  }

  #tellDropped(): void {
    if (this.#hasDropped) return;
    this.#hasDropped = true; // Told once a line.
    this.#log.warn({ event: 'media.dropped' }, 'More sound was sent to a caller than can wait; some of it was dropped.');
  }

  flush(): void {
    if (this.#isOver) return;
    this.#outbox.clear();
    this.#socket.send(writeCommand('FLUSH_MEDIA', this.#format));
  }

  /** The switch hangs the media channel up when its WebSocket has gone: to be called when the line has been cleared. */
  close(): void {
    this.#isOver = true;
    this.#outbox.clear();
    this.#socket.on('error', () => undefined); // "closed before the connection was established"
    // With a farewell: Asterisk warns in its log of each WebSocket that breaks off. `ws` gives up waiting for the answer by itself.
    this.#socket.close(1000);
  }

  #control(text: string): void {
    const { event, format } = readControlMessage(text);
    switch (event) {
      case 'MEDIA_START':
        this.#format = format;
        break;
      case 'MEDIA_XOFF':
        this.#outbox.stop();
        break;
      case 'MEDIA_XON':
        this.#outbox.resume();
        break;
      case 'ERROR':
        this.#log.warn({ event: 'media.error', detail: text.slice(0, 200) }, 'The switch complained about what it was sent with the sound of a call.');
        break;
      default:
        break; // Digits come as events of the call; the rest is of no interest.
    }
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.close();
    this.#listener.closed(reason);
  }
}

/** A copy, because a message may begin at an odd address, and its memory is the socket's. */
function samplesOf(data: Buffer): Int16Array {
  const samples = new Int16Array(data.length >> 1);
  new Uint8Array(samples.buffer).set(data.subarray(0, samples.byteLength));
  return samples;
}
