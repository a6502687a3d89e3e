import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';

const SAMPLES_PER_MS = CALL_SAMPLE_RATE_HZ / 1_000;
/** 20 ms. chan_websocket plays whole frames and drops what is left of a message behind them (chan_websocket.c, process_binary_message). */
const FRAME_SAMPLES = 20 * SAMPLES_PER_MS;
/** So much may wait in the switch. It takes 20 s, says MEDIA_XOFF at 18, and silently drops a message that comes when it is full. */
const AHEAD_MS = 5_000;
/** One message; larger ones than 65 535 bytes end the connection (res_http_websocket, MAXIMUM_FRAME_SIZE). */
const MESSAGE_SAMPLES = 500 * SAMPLES_PER_MS;
/** So much waits here; what comes beyond is dropped. */
export const OUTBOX_LIMIT_MS = 120_000;
/** A frame that is not full waits so long for the rest of it, then silence fills it. */
const FILL_MS = 40;

export interface OutboxOptions {
  readonly clock: Clock;
  readonly transmit: (samples: Int16Array) => void;
}

/**
 * What is to be played and not yet at the switch. It hands out whole frames, never much more than the switch can hold, and nothing
 * while the switch has said stop.
 */
export class Outbox {
  readonly #clock: Clock;
  readonly #transmit: (samples: Int16Array) => void;
  #waiting: Int16Array[] = [];
  #waitingSamples = 0;
  #isStopped = false;
  /** When the switch will have played what it was given. */
  #playedAt = 0;
  #timer: TimerHandle = undefined;

  constructor({ clock, transmit }: OutboxOptions) {
    this.#clock = clock;
    this.#transmit = transmit;
  }

  /** False when some of it had to be dropped. */
  add(samples: Int16Array): boolean {
    const room = Math.max(0, OUTBOX_LIMIT_MS * SAMPLES_PER_MS - this.#waitingSamples);
    // A copy: who sends may use the array again.
    const taken = samples.slice(0, room);
    if (taken.length > 0) {
      this.#waiting.push(taken);
      this.#waitingSamples += taken.length;
      this.#pump(false);
    }
    return taken.length === samples.length;
  }

  /** MEDIA_XOFF. */
  stop(): void {
    this.#isStopped = true;
    this.#disarm();
  }

  /** MEDIA_XON. */
  resume(): void {
    this.#isStopped = false;
    this.#pump(false);
  }

  /** Forgets everything, also what the switch was given: it is told to do the same. */
  clear(): void {
    this.#waiting = [];
    this.#waitingSamples = 0;
    this.#playedAt = 0;
    this.#disarm();
  }

  /** `fill`: the last frame need not wait for more any longer. */
  #pump(fill: boolean): void {
    this.#disarm();
    while (!this.#isStopped) {
      const now = this.#clock.now();
      // More than that was never handed out: the clock was set back.
      this.#playedAt = Math.min(this.#playedAt, now + AHEAD_MS);
      const roomMs = AHEAD_MS - Math.max(0, this.#playedAt - now);
      const wholeSamples = this.#waitingSamples - (this.#waitingSamples % FRAME_SAMPLES);
      const fitting = Math.floor((roomMs * SAMPLES_PER_MS) / FRAME_SAMPLES) * FRAME_SAMPLES;
      const count = Math.min(wholeSamples, fitting, MESSAGE_SAMPLES);
      if (count > 0) this.#hand(this.#take(count), now);
      else if (wholeSamples > 0) return this.#arm(false, AHEAD_MS / 10);
      else if (this.#waitingSamples === 0) return;
      else if (fill) this.#hand(this.#take(FRAME_SAMPLES), now);
      else return this.#arm(true, FILL_MS);
    }
  }

  #hand(samples: Int16Array, now: number): void {
    this.#playedAt = Math.max(now, this.#playedAt) + samples.length / SAMPLES_PER_MS;
    this.#transmit(samples);
  }

  /** The next `count` samples, silence where there are no more. */
  #take(count: number): Int16Array {
    const taken = new Int16Array(count);
    for (let at = 0; at < count; ) {
      const head = this.#waiting[0];
      if (head === undefined) break;
      const part = head.subarray(0, count - at);
      taken.set(part, at);
      at += part.length;
      this.#waitingSamples -= part.length;
      if (part.length === head.length) this.#waiting.shift();
      else this.#waiting[0] = head.subarray(part.length);
    }
    return taken;
  }

  #arm(fill: boolean, inMs: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#pump(fill), inMs);
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
